package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Backoff;
import dev.belay.Check;
import dev.belay.ErrorClass;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tasks, who does them, and what has to be done before what. Checked as a whole when it is built:
 * all ids exist once, nothing needs itself, everybody who is to do something is there. Immutable,
 * safe for any number of threads.
 */
public final class Plan {
  /** How failed attempts are repeated unless a plan or a task says otherwise. */
  public static final RetryPolicy RETRY =
      RetryPolicy.named("flow")
          .maxAttempts(5)
          .backoff(
              Backoff.exponential(Duration.ofSeconds(1))
                  .withCap(Duration.ofMinutes(1))
                  .withJitter(Jitter.EQUAL))
          .timeout(RetryPolicy.FOREVER)
          .attemptTimeout(RetryPolicy.FOREVER)
          .maxOpenWait(RetryPolicy.FOREVER)
          .maxHintWait(RetryPolicy.FOREVER)
          .retryClasses(Set.of(ErrorClass.OTHER, ErrorClass.TIMEOUT, ErrorClass.THROTTLED))
          .build();

  private final String name;
  private final Map<String, Task> tasks;
  private final Map<String, Role> roles;
  private final Map<String, Workflow> workflows;
  private final Map<String, BackendSettings> backends;
  private final RunLimits limits;
  private final RetryPolicy retry;
  private final Questions questions;
  private final WorktreeRules worktrees;
  private final Optional<ParityRules> parity;
  private final TaskOrder order;

  private Plan(Builder from) {
    name = from.name;
    limits = from.limits;
    retry = from.retry;
    questions = from.questions;
    worktrees = from.worktrees;
    parity = from.parity;
    tasks = byName(from.tasks, Task::id);
    roles = byName(from.roles, Role::name);
    workflows = byName(from.workflows, Workflow::name);
    backends = byName(from.backends, BackendSettings::name);
    order = TaskOrder.of(tasks);
  }

  private static <T> Map<String, T> byName(
      List<T> list, java.util.function.Function<T, String> name) {
    Map<String, T> map = new LinkedHashMap<>();
    list.forEach(item -> map.put(name.apply(item), item));
    return java.util.Collections.unmodifiableMap(map);
  }

  /** A plan without tasks, to be filled. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /** The tasks by id, in the order in which they were given. */
  public Map<String, Task> tasks() {
    return tasks;
  }

  /** One of the tasks. */
  public Task task(String id) {
    return requireNonNull(tasks.get(id), id);
  }

  /** Ids in an order in which each comes after all that it needs. */
  public List<String> order() {
    return order.ids();
  }

  /** How many tasks have to come before one, in the longest row of needs. */
  public int level(String id) {
    return order.level(id);
  }

  /** Ids of the tasks that need one. */
  public List<String> dependents(String id) {
    return order.dependents(id);
  }

  /** Ids of the tasks that need one, or need one that does, and so on. */
  public Set<String> descendants(String id) {
    Set<String> all = new LinkedHashSet<>();
    Deque<String> todo = new ArrayDeque<>(List.of(id));
    while (!todo.isEmpty()) {
      for (String next : dependents(todo.remove())) {
        if (all.add(next)) {
          todo.add(next);
        }
      }
    }
    return all;
  }

  /** The roles by name. */
  public Map<String, Role> roles() {
    return roles;
  }

  /** The workflows by name. */
  public Map<String, Workflow> workflows() {
    return workflows;
  }

  /** The backends by name. */
  public Map<String, BackendSettings> backends() {
    return backends;
  }

  /** One of the backends. */
  public BackendSettings backend(String backend) {
    return requireNonNull(backends.get(backend), backend);
  }

  /** The steps that a task goes through; at least one. */
  public List<Workflow.Step> steps(Task task) {
    return task.workflow()
        .map(workflow -> requireNonNull(workflows.get(workflow), workflow).steps())
        .orElseGet(() -> List.of(new Workflow.Step(task.role(), "", Optional.empty())));
  }

  /** Who does what is given to a name: the role of that name, or the backend as it is. */
  public Role role(String roleOrBackend) {
    return Optional.ofNullable(roles.get(roleOrBackend))
        .orElseGet(() -> Role.of(roleOrBackend, roleOrBackend));
  }

  /** What the whole run may use up. */
  public RunLimits limits() {
    return limits;
  }

  /** How failed attempts are repeated. */
  public RetryPolicy retry() {
    return retry;
  }

  /** What becomes of questions. */
  public Questions questions() {
    return questions;
  }

  /** How tasks share a repository. */
  public WorktreeRules worktrees() {
    return worktrees;
  }

  /** Retries and breakers as two libraries of Go have them, instead of Belay's own. */
  public Optional<ParityRules> parity() {
    return parity;
  }

  /** Collects what belongs to a plan. */
  public static final class Builder {
    private final String name;
    final List<Task> tasks = new ArrayList<>();
    final List<Role> roles = new ArrayList<>();
    final List<Workflow> workflows = new ArrayList<>();
    final List<BackendSettings> backends = new ArrayList<>();
    private RunLimits limits = RunLimits.DEFAULT;
    private RetryPolicy retry = RETRY;
    Questions questions = Questions.DEFAULT;
    private WorktreeRules worktrees = WorktreeRules.OFF;
    private Optional<ParityRules> parity = Optional.empty();

    private Builder(String name) {
      Check.that(
          !name.isBlank() && name.length() <= 200 && name.chars().noneMatch(c -> c < ' '),
          "name must be 1 to 200 characters on one line");
      this.name = name;
    }

    /** One more task. */
    public Builder task(Task task) {
      tasks.add(requireNonNull(task, "task"));
      return this;
    }

    /** One more task. */
    public Builder task(Task.Builder task) {
      return task(task.build());
    }

    /** One more role. */
    public Builder role(Role role) {
      roles.add(requireNonNull(role, "role"));
      return this;
    }

    /** One more workflow. */
    public Builder workflow(Workflow workflow) {
      workflows.add(requireNonNull(workflow, "workflow"));
      return this;
    }

    /** One more backend. */
    public Builder backend(BackendSettings backend) {
      backends.add(requireNonNull(backend, "backend"));
      return this;
    }

    /** Default {@link RunLimits#DEFAULT}. */
    public Builder limits(RunLimits some) {
      limits = requireNonNull(some, "limits");
      return this;
    }

    /** Default {@link #RETRY}. */
    public Builder retry(RetryPolicy policy) {
      retry = requireNonNull(policy, "retry");
      return this;
    }

    /** Default {@link Questions#DEFAULT}. */
    public Builder questions(Questions rules) {
      questions = requireNonNull(rules, "questions");
      return this;
    }

    /** Default {@link WorktreeRules#OFF}. */
    public Builder worktrees(WorktreeRules rules) {
      worktrees = requireNonNull(rules, "worktrees");
      return this;
    }

    /** Default is Belay's own way. */
    public Builder parity(ParityRules rules) {
      parity = Optional.of(rules);
      return this;
    }

    /** Whether somebody is to use a backend that is not there. */
    public boolean needsBackend(String name) {
      boolean there = backends.stream().anyMatch(one -> one.name().equals(name));
      boolean role = roles.stream().anyMatch(one -> one.name().equals(name));
      boolean byRole = roles.stream().anyMatch(one -> one.backends().contains(name));
      boolean byTask = tasks.stream().anyMatch(one -> one.role().equals(name));
      boolean byStep =
          workflows.stream()
              .flatMap(one -> one.steps().stream())
              .anyMatch(step -> step.role().equals(name));
      boolean byQuestions = questions.role().equals(Optional.of(name));
      return !there && (byRole || (!role && (byTask || byStep || byQuestions)));
    }

    /** Everything that is wrong so far; empty if it can be built. */
    public List<PlanProblem> problems() {
      return PlanCheck.of(this);
    }

    /**
     * The plan.
     *
     * @throws PlanException if anything is wrong with it, with all that is
     */
    public Plan build() {
      List<PlanProblem> problems = problems();
      if (!problems.isEmpty()) {
        throw new PlanException(problems);
      }
      return new Plan(this);
    }
  }
}
