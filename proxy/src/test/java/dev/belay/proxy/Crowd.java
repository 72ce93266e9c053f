package dev.belay.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many clients at once, each on a thread of its own. */
final class Crowd {
  private Crowd() {}

  interface Visit {
    void make(int number) throws Exception;
  }

  /** Returns when all are through; the first failure is thrown. */
  static void of(int count, Visit visit) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> visits = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        visits.add(
            threads.submit(() -> {
              visit.make(number);
              return null;
            }));
      }
      for (Future<?> running : visits) {
        running.get(60, TimeUnit.SECONDS);
      }
    }
  }
}
