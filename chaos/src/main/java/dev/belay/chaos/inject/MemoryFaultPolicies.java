package dev.belay.chaos.inject;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps policies for as long as it is there. */
final class MemoryFaultPolicies implements FaultPolicyStore {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Kept> kept = new TreeMap<>();

  @GuardedBy("lock")
  private Standing standing = new Standing(0, false);

  @Override
  public List<Kept> policies() {
    lock.lock();
    try {
      return List.copyOf(kept.values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Standing standing() {
    lock.lock();
    try {
      return standing;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void save(Kept one, Standing now) {
    lock.lock();
    try {
      kept.put(one.policy().name(), one);
      standing = now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void remove(List<String> names, Standing now) {
    lock.lock();
    try {
      names.forEach(kept::remove);
      standing = now;
    } finally {
      lock.unlock();
    }
  }
}
