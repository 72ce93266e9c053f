package dev.belay.simulate;

import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.Call;
import dev.belay.CallMachine;
import dev.belay.ErrorClass;
import dev.belay.RetryPolicy;
import dev.belay.Step;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries out the steps of one call in virtual time, as the asynchronous driver does in real time.
 * What it plans it never takes back; what comes true too late finds that it is over.
 */
final class CallDriver {
  private static final Verdict TIMED_OUT = Verdict.retry(ErrorClass.TIMEOUT, Blame.ENDPOINT);

  private final CallMachine<Host> machine;
  private final RetryPolicy policy;
  private final VirtualTime time;
  private final Counts counts;
  private final long started;
  private final List<Attempt<Host>> running = new ArrayList<>(1);
  private int hedgeTurn;
  private int attempts;
  private boolean over;

  CallDriver(CallMachine.Rules<Host> rules, Call call, VirtualTime time, Counts counts) {
    this.started = time.nanos();
    this.machine = new CallMachine<>(rules, call, started);
    this.policy = rules.policy();
    this.time = time;
    this.counts = counts;
  }

  void start() {
    counts.offered(started);
    act(machine.begin(started));
  }

  private void act(Step<Host> step) {
    switch (step) {
      case Attempt<Host> attempt -> launch(attempt);
      case Step.Pause<Host> pause -> {
        counts.waits(pause.nanos());
        after(pause.nanos(), () -> act(machine.next(time.nanos())));
      }
      case Step.Await<Host> await -> {
        // a running attempt comes back by itself
      }
      case Step.Stop<Host> stop -> finish(stop);
    }
  }

  private void launch(Attempt<Host> attempt) {
    long now = time.nanos();
    attempts++;
    running.add(attempt);
    counts.begun(attempt, now);
    Host.Reply reply = attempt.endpoint().reply(now, policy);
    long limit = attempt.deadline().left().toNanos();
    boolean late = reply.nanos() >= limit;
    after(late ? limit : reply.nanos(), () -> settled(attempt, late ? TIMED_OUT : reply.verdict()));
    armHedge(machine.hedgeDelay());
  }

  private void settled(Attempt<Host> attempt, Verdict verdict) {
    if (over) {
      return;
    }
    running.remove(attempt);
    counts.ended(attempt, verdict);
    Step<Host> step = machine.after(attempt, verdict, time.nanos());
    if (step instanceof Step.Await<Host>) {
      // the one that still runs is slow already: what joined it in vain is replaced at once
      armHedge(attempt.isHedge() ? 0 : machine.hedgeDelay());
    }
    act(step);
  }

  /** The one before it, if there is any, finds that its turn is over. */
  private void armHedge(long delay) {
    int turn = ++hedgeTurn;
    if (delay >= 0) {
      after(delay, () -> hedge(turn));
    }
  }

  private void hedge(int turn) {
    if (!over && turn == hedgeTurn) {
      act(machine.hedge(time.nanos()));
    }
  }

  private void finish(Step.Stop<Host> stop) {
    over = true;
    long now = time.nanos();
    running.forEach(loser -> machine.abandon(loser, now));
    counts.finished(stop.reason(), attempts, started, now);
  }

  private void after(long nanos, Runnable task) {
    time.after(nanos, Runnable::run, task);
  }
}
