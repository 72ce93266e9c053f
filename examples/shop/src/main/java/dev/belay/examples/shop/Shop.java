package dev.belay.examples.shop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All services of the shop. They share nothing but the books, which are for looking at the end. */
public final class Shop {
  private final Books books;
  private final Map<String, Service> services = new LinkedHashMap<>();

  /** A shop that has sold nothing yet. */
  public Shop(Defects defects) {
    this(defects, new MemoryBooks());
  }

  /** A shop whose books are kept elsewhere. */
  public Shop(Defects defects, Books books) {
    this.books = books;
    List<Service> all =
        List.of(
            new Edge(defects),
            Leaf.of("catalog", 8, "items", 20),
            Leaf.of("cart", 6, "items", 1),
            new Pricing(defects),
            Leaf.of("promo", 4, "discount", Pricing.DISCOUNT),
            Leaf.of("tax", 5, "rate", Pricing.TAX),
            Leaf.of("cache", 1, "total", Pricing.PRICE - Pricing.DISCOUNT + Pricing.TAX),
            Leaf.of("inventory", 9, "left", 5),
            Leaf.of("inventory-replica", 11, "left", 5),
            new PaymentA(books),
            new PaymentB(books, defects),
            new Ledger(books),
            Leaf.of("shipping", 7, "days", 2),
            new Recommendation(),
            Leaf.of("trending", 3, "items", 10),
            Leaf.of("search", 15, "items", 12),
            Leaf.of("audit", 2, "noted", 1));
    all.forEach(service -> services.put(service.name(), service));
  }

  /** The names of all services, the front door first. */
  public List<String> names() {
    return List.copyOf(services.keySet());
  }

  /** A service. */
  public Optional<Service> service(String name) {
    return Optional.ofNullable(services.get(name));
  }

  /** How often the order was charged. */
  public long charges() {
    return books.charges();
  }

  /** Whether a total is one that a customer may see: with the discount or without it. */
  public static boolean isRight(long total) {
    long without = Pricing.PRICE + Pricing.TAX;
    return total == without || total == without - Pricing.DISCOUNT;
  }
}
