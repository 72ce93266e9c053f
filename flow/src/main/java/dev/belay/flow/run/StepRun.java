package dev.belay.flow.run;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Cooldown;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Role;
import dev.belay.flow.RunEvent.Kind;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Spend;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.backend.AgentCall;
import dev.belay.flow.backend.AgentException;
import dev.belay.flow.backend.AgentListener;
import dev.belay.flow.backend.AgentReply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes attempts at one step of a task until it is done or not to be done: finds somebody who can,
 * waits for a place, asks, and does what the {@link Course} says. For the thread of the task.
 */
final class StepRun {
  private static final Duration LONGEST_REST = Duration.ofDays(365);

  /** Clocks that are read coarsely may be so far behind. */
  private static final long SHORTEST_REST = 1_000_000;

  private final TaskDesk desk;
  private final Parts parts;
  private final int step;
  private final Role role;
  private final Path directory;
  private final Map<String, String> sessions = new HashMap<>();
  private final Numbers numbers;
  private String problem = "";

  /** Numbers for the attempts of one task, whatever step they belong to. */
  static final class Numbers {
    private int last;

    Numbers(int last) {
      this.last = last;
    }

    int next() {
      return ++last;
    }
  }

  StepRun(
      TaskDesk desk,
      int step,
      Role role,
      Path directory,
      Map<String, String> sessions,
      Numbers numbers) {
    this.desk = desk;
    this.parts = desk.run().parts();
    this.step = step;
    this.role = role;
    this.directory = directory;
    this.sessions.putAll(sessions);
    this.numbers = numbers;
  }

  /** What an attempt came to. */
  private record Outcome(OutcomeClass kind, String message, Optional<AgentReply> reply) {}

  /**
   * Asks until there is an answer.
   *
   * @throws StepFailed if there is to be none
   */
  AgentReply ask(String prompt) throws StepFailed, InterruptedException {
    Course course = desk.run().means().course(desk.task());
    problem = "";
    while (true) {
      checkMeans();
      List<AgentEndpoint> able = able();
      if (able.isEmpty()) {
        restWithAccounts();
        continue;
      }
      switch (course.choose(able)) {
        case Course.Ask(var endpoint) -> {
          Optional<AgentReply> reply = askOne(course, endpoint, prompt);
          if (reply.isPresent()) {
            return reply.get();
          }
        }
        case Course.Rest rest -> rest(rest, this::isSomebodyFree);
        case Course.Stop(String why) -> throw failed(why);
        case Course.Begun any -> throw unexpected(any);
        case Course.Pause any -> throw unexpected(any);
        case Course.Done any -> throw unexpected(any);
      }
    }
  }

  private static IllegalStateException unexpected(Course.Next next) {
    return new IllegalStateException("no such answer to this: " + next);
  }

  @SuppressWarnings("try") // a place is held, not used
  private Optional<AgentReply> askOne(Course course, AgentEndpoint endpoint, String prompt)
      throws StepFailed, InterruptedException {
    if (desk.status().state() != TaskState.QUEUED) {
      desk.note(status -> status.in(TaskState.QUEUED, "waits for a place at " + endpoint));
    }
    Course.Next next;
    Optional<AgentReply> reply = Optional.empty();
    try (Slots.Slot slot = desk.run().means().takeSlot(endpoint, desk.task().priority())) {
      next = course.begin(endpoint);
      if (next instanceof Course.Begun) {
        Outcome outcome = attempt(course, endpoint, prompt);
        reply = outcome.reply();
        next = after(course, endpoint, outcome);
      }
    }
    switch (next) {
      case Course.Done done -> {
        return reply;
      }
      case Course.Stop(String why) -> throw failed(why);
      case Course.Rest rest -> rest(rest, this::isSomebodyFree);
      case Course.Pause pause -> pause(pause);
      case Course.Ask any -> {
        // the account is used up: whoever is next is found above
      }
      case Course.Begun any -> throw unexpected(any);
    }
    return Optional.empty();
  }

  private Course.Next after(Course course, AgentEndpoint endpoint, Outcome outcome) {
    boolean used = outcome.kind() == OutcomeClass.RATE_LIMITED && desk.plan().parity().isEmpty();
    if (used) {
      course.takeBack();
      return new Course.Ask(endpoint);
    }
    if (outcome.kind() == OutcomeClass.SUCCESS) {
      desk.run().means().succeeded(endpoint);
    }
    return course.after(outcome.kind(), able());
  }

  private Outcome attempt(Course course, AgentEndpoint endpoint, String prompt)
      throws InterruptedException {
    Instant now = parts.time().instant();
    desk.note(status -> status.begun(now).in(TaskState.RUNNING, "at " + endpoint));
    AttemptStatus begun =
        new AttemptStatus(
            desk.status().run(),
            desk.task().id(),
            numbers.next(),
            step,
            desk.status().round(),
            endpoint.name(),
            endpoint.account(),
            now,
            Optional.empty(),
            Optional.empty(),
            "",
            Spend.NONE,
            "");
    desk.run().note(begun);
    try {
      AgentReply reply = endpoint.backend().send(call(endpoint, prompt), listener(endpoint));
      reply.session().ifPresent(id -> remember(endpoint, id));
      over(begun, endpoint, OutcomeClass.SUCCESS, "", reply.spend());
      return new Outcome(OutcomeClass.SUCCESS, "", Optional.of(reply));
    } catch (AgentException failed) {
      String message = Optional.ofNullable(failed.getMessage()).orElse("");
      problem = endpoint + ": " + message;
      if (failed.outcome() == OutcomeClass.RATE_LIMITED) {
        Cooldown rest = parts.cooldowns().raise(endpoint.account(), failed.limit(), message);
        desk.run().publish(Kind.COOLDOWN, desk.task().id(), "rests until " + rest.until());
      }
      over(begun, endpoint, failed.outcome(), message, failed.spend());
      return new Outcome(failed.outcome(), message, Optional.empty());
    } catch (InterruptedException given) {
      course.after(OutcomeClass.CANCELLED, able());
      over(begun, endpoint, OutcomeClass.CANCELLED, "stopped", Spend.NONE);
      throw given;
    } catch (RuntimeException broken) {
      problem = "%s: %s".formatted(endpoint, broken);
      over(begun, endpoint, OutcomeClass.CONFIG, problem, Spend.NONE);
      return new Outcome(OutcomeClass.CONFIG, problem, Optional.empty());
    }
  }

  private void over(
      AttemptStatus begun, AgentEndpoint endpoint, OutcomeClass how, String why, Spend spend) {
    String session = sessions.getOrDefault(endpoint.name(), "");
    boolean counted = how != OutcomeClass.RATE_LIMITED;
    desk.run().note(begun.over(parts.time().instant(), how, why, spend, session));
    desk.run().spent(spend);
    desk.note(status -> status.after(how, spend, counted));
  }

  private AgentCall call(AgentEndpoint endpoint, String prompt) {
    Task task = desk.task();
    Optional<String> session = Optional.ofNullable(sessions.get(endpoint.name()));
    String text =
        session.isPresent() && !problem.isEmpty()
            ? "The last attempt did not come to its end (%s). Go on with the task:%n%n%s"
                .formatted(problem, prompt)
            : prompt;
    boolean asks = endpoint.isAgent() && desk.plan().questions().most() > 0;
    double left = task.limits().cost() - desk.status().spend().cost();
    return new AgentCall(
        asks ? text + Answers.HOW_TO_ASK : text,
        directory,
        role.model(),
        role.system(),
        role.tools(),
        session,
        task.limits().timeout(),
        task.limits().idleTimeout(),
        Double.isInfinite(left) ? Optional.empty() : Optional.of(left),
        Map.of("BELAY_RUN", desk.status().run(), "BELAY_TASK", task.id()));
  }

  private AgentListener listener(AgentEndpoint endpoint) {
    return new AgentListener() {
      @Override
      public void session(String id) {
        remember(endpoint, id);
      }

      @Override
      public void line(String line) {
        desk.run().said(desk.task().id(), line);
      }
    };
  }

  /** From now on the conversation may exist, and a crash must not make us forget it. */
  private void remember(AgentEndpoint endpoint, String id) {
    if (!id.equals(sessions.put(endpoint.name(), id))) {
      desk.run()
          .commit(
              List.of(
                  new SessionNote(
                      desk.status().run(), desk.task().id(), step, endpoint.name(), id)));
    }
  }

  private void checkMeans() throws StepFailed {
    if (!desk.task().limits().allow(desk.status().spend())) {
      throw failed("the task has used up its budget");
    }
    if (!desk.plan().limits().allow(desk.run().spend())) {
      throw failed("the run has used up its budget");
    }
  }

  private StepFailed failed(String why) {
    return new StepFailed(problem.isEmpty() ? why : "%s (%s)".formatted(problem, why));
  }

  /** Those whose accounts do not rest, the best first. */
  private List<AgentEndpoint> able() {
    return desk.run().means().endpoints(role).stream()
        .filter(endpoint -> parts.cooldowns().of(endpoint.account()).isEmpty())
        .toList();
  }

  private boolean isSomebodyFree() {
    return able().stream().anyMatch(AgentEndpoint::isSelectable);
  }

  private void restWithAccounts() throws InterruptedException {
    Optional<Cooldown> first =
        desk.run().means().endpoints(role).stream()
            .flatMap(endpoint -> parts.cooldowns().of(endpoint.account()).stream())
            .min(Comparator.comparing(Cooldown::until));
    if (first.isPresent()) {
      Cooldown rest = first.get();
      Duration length = Duration.between(parts.time().instant(), rest.until());
      rest(
          new Course.Rest(length, "account %s has used up its limit".formatted(rest.account())),
          () -> !able().isEmpty());
    }
  }

  private void rest(Course.Rest rest, BooleanSupplier needless) throws InterruptedException {
    wait(TaskState.PARKED, rest.length(), rest.why(), needless);
  }

  private void pause(Course.Pause pause) throws InterruptedException {
    if (!pause.length().isZero()) {
      wait(TaskState.RETRYING, pause.length(), problem, () -> false);
    }
  }

  private void wait(TaskState state, Duration length, String why, BooleanSupplier needless)
      throws InterruptedException {
    boolean endless = length.compareTo(LONGEST_REST) >= 0;
    Optional<Instant> until =
        endless ? Optional.empty() : Optional.of(parts.time().instant().plus(length));
    desk.note(status -> status.in(state, why, until));
    long nanos = endless ? LONGEST_REST.toNanos() : Math.max(SHORTEST_REST, length.toNanos());
    if (state == TaskState.PARKED) {
      parts.bell().await(nanos, needless);
    } else {
      parts.time().sleep(nanos);
    }
  }
}
