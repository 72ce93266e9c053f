package dev.belay.llm.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.CallReport;
import dev.belay.llm.budget.CallBudget;
import dev.belay.llm.transcript.CallRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** What a call has been through so far, over all its requests. Safe for any number of threads. */
final class Journey {
  private final CallBudget budget;
  private final Wishes wishes;
  private final CallRecord record;
  private final AtomicInteger asked = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<CallReport> requests = new ArrayList<>();

  @GuardedBy("lock")
  private Duration waited = Duration.ZERO;

  @GuardedBy("lock")
  private String endpoint = "";

  Journey(CallBudget budget, Wishes wishes, CallRecord record) {
    this.budget = budget;
    this.wishes = wishes;
    this.record = record;
  }

  CallBudget budget() {
    return budget;
  }

  /** Is told what happens. */
  CallRecord record() {
    return record;
  }

  /** Another request begins. */
  Telling.Part nextRequest() {
    return new Telling.Part(wishes.caller(), record, asked.incrementAndGet());
  }

  Caller caller() {
    return wishes.caller();
  }

  /** A request is over. */
  void reported(CallReport report) {
    lock.lock();
    try {
      requests.add(report);
      for (CallReport.Try one : report.attempts()) {
        waited = waited.plus(one.waited());
      }
    } finally {
      lock.unlock();
    }
  }

  void waited(Duration more) {
    lock.lock();
    try {
      waited = waited.plus(more);
    } finally {
      lock.unlock();
    }
  }

  void answeredBy(String name) {
    lock.lock();
    try {
      endpoint = name;
    } finally {
      lock.unlock();
    }
  }

  /** Who answered last. */
  String endpoint() {
    lock.lock();
    try {
      return endpoint;
    } finally {
      lock.unlock();
    }
  }

  LlmReport report() {
    lock.lock();
    try {
      return new LlmReport(requests, budget.spent(), waited);
    } finally {
      lock.unlock();
    }
  }
}
