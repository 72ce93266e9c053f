package dev.belay.llm.call;

import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Brings each call its own report. Safe for any number of threads. */
final class Reporter implements CallObserver {
  private final Map<Call, Consumer<CallReport>> waiting = new ConcurrentHashMap<>();

  /** The report of a call that is about to begin goes there. */
  void expect(Call call, Consumer<CallReport> taker) {
    waiting.put(call, taker);
  }

  /** Nobody waits for it any more. */
  void forget(Call call) {
    waiting.remove(call);
  }

  @Override
  public void finished(Call call, CallReport report) {
    Consumer<CallReport> taker = waiting.remove(call);
    if (taker != null) {
      taker.accept(report);
    }
  }
}
