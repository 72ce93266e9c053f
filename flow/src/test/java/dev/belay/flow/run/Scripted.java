package dev.belay.flow.run;

import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import dev.belay.flow.backend.AgentCall;
import dev.belay.flow.backend.AgentException;
import dev.belay.flow.backend.AgentListener;
import dev.belay.flow.backend.AgentReply;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.backend.UsageLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend within the program, which does for each task what it is told. */
final class Scripted implements Backend {
  private final String name;
  private final Map<String, List<Act>> acts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private volatile Act usual = call -> "did " + call.environment().get("BELAY_TASK");
  final List<AgentCall> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger mostRunning = new AtomicInteger();

  /** What it does in one attempt. */
  @FunctionalInterface
  interface Act {
    String answer(AgentCall call) throws AgentException, InterruptedException;
  }

  Scripted(String name) {
    this.name = name;
  }

  static BackendSettings.Builder settings(String name) {
    return BackendSettings.of(name, "command").command(List.of("scripted"));
  }

  Scripted on(String task, Act... some) {
    acts.put(task, new ArrayList<>(List.of(some)));
    return this;
  }

  Scripted always(Act act) {
    usual = act;
    return this;
  }

  static Act fails(OutcomeClass how) {
    return call -> {
      throw new AgentException(how, "it is " + how);
    };
  }

  static Act limitedUntil(Instant until) {
    return call -> {
      throw new AgentException(
          OutcomeClass.RATE_LIMITED,
          "used up",
          Optional.of(new UsageLimit(until, UsageLimit.Source.EVENT, "five_hour")),
          Spend.NONE);
    };
  }

  static Act answers(String text) {
    return call -> text;
  }

  static Act hangs() {
    return call -> {
      new CountDownLatch(1).await();
      return "";
    };
  }

  int calls(String task) {
    return calls.getOrDefault(task, new AtomicInteger()).get();
  }

  List<String> order() {
    return asked.stream().map(call -> call.environment().getOrDefault("BELAY_TASK", "")).toList();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public AgentReply send(AgentCall call, AgentListener listener)
      throws AgentException, InterruptedException {
    String task = call.environment().getOrDefault("BELAY_TASK", "");
    asked.add(call);
    int number = calls.computeIfAbsent(task, any -> new AtomicInteger()).getAndIncrement();
    List<Act> mine = acts.getOrDefault(task, List.of());
    Act act = number < mine.size() ? mine.get(number) : mine.isEmpty() ? usual : mine.getLast();
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      listener.line("working on " + task);
      return new AgentReply(act.answer(call), Optional.empty(), new Spend(0.5, 10, 5));
    } finally {
      running.decrementAndGet();
    }
  }
}
