package dev.belay.examples.shop.net;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Shop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The last orders that a service had to do with. Safe for any number of threads. */
final class Sales {
  private static final int MOST = 64;

  private final ReentrantLock lock = new ReentrantLock();

  /** The oldest first. */
  @GuardedBy("lock")
  private final Map<String, Sale> sales = new LinkedHashMap<>();

  /** An order, the shop that takes it, and what was answered in the end. */
  record Sale(String order, Shop shop, Answer answer) {}

  /** It is the last one now. */
  void add(Sale sale) {
    lock.lock();
    try {
      sales.remove(sale.order());
      sales.put(sale.order(), sale);
      if (sales.size() > MOST) {
        sales.remove(sales.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<Sale> of(String order) {
    lock.lock();
    try {
      return Optional.ofNullable(sales.get(order));
    } finally {
      lock.unlock();
    }
  }

  Optional<Sale> last() {
    lock.lock();
    try {
      return sales.values().stream().reduce((before, after) -> after);
    } finally {
      lock.unlock();
    }
  }
}
