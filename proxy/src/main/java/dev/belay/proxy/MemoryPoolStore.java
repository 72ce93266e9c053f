package dev.belay.proxy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Changes in a map, which the lock guards. */
final class MemoryPoolStore implements PoolStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Change> changes = new LinkedHashMap<>();

  @Override
  public List<Change> changes() {
    lock.lock();
    try {
      return List.copyOf(changes.values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void save(List<? extends Change> more) {
    lock.lock();
    try {
      more.forEach(change -> changes.put(change.id(), change));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void forget(Collection<String> ids) {
    lock.lock();
    try {
      changes.keySet().removeAll(ids);
    } finally {
      lock.unlock();
    }
  }
}
