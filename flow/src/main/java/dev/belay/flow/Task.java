package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.RetryPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One thing to be done, by one agent. Immutable, safe for any number of threads. */
public final class Task {
  private final String id;
  private final String prompt;
  private final String role;
  private final @Nullable String workflow;
  private final List<String> needs;
  private final FailureMode failure;
  private final int priority;
  private final TaskLimits limits;
  private final Set<String> writes;
  private final @Nullable RetryPolicy retry;

  private Task(Builder from) {
    id = from.id;
    prompt = from.prompt;
    role = from.role;
    workflow = from.workflow;
    needs = List.copyOf(new LinkedHashSet<>(from.needs));
    failure = from.failure;
    priority = from.priority;
    limits = from.limits;
    writes = Set.copyOf(from.writes);
    retry = from.retry;
  }

  /**
   * A task.
   *
   * @param id 1 to 64 letters, digits, dots, underscores or hyphens
   * @param role who does it: a role of the plan, or a backend
   * @param prompt what is asked
   */
  public static Builder of(String id, String role, String prompt) {
    return new Builder(id, role, prompt);
  }

  /** What it is called, once in a plan. */
  public String id() {
    return id;
  }

  /**
   * What is asked. {@code {{id}}} stands for the result of a task that it needs, cut to a length
   * that fits into a prompt, <code>{{id.file}}</code> for the path of a file with all of it, and
   * <code>{{id.status}}</code> for how it ended.
   */
  public String prompt() {
    return prompt;
  }

  /** Who does it: the name of a role of the plan, or of a backend. */
  public String role() {
    return role;
  }

  /** The steps that it goes through; empty for a single one by its role. */
  public Optional<String> workflow() {
    return Optional.ofNullable(workflow);
  }

  /** Ids of what has to be done before, each once. */
  public List<String> needs() {
    return needs;
  }

  /** What its failure means for those that need it. */
  public FailureMode failure() {
    return failure;
  }

  /** Of those that could start, one with a higher priority does so first. */
  public int priority() {
    return priority;
  }

  /** What it may use up. */
  public TaskLimits limits() {
    return limits;
  }

  /** Files that it writes, as paths or patterns; two tasks never write one file at a time. */
  public Set<String> writes() {
    return writes;
  }

  /** How failed attempts are repeated; as the plan says if empty. */
  public Optional<RetryPolicy> retry() {
    return Optional.ofNullable(retry);
  }

  @Override
  public String toString() {
    return id;
  }

  /** Collects what is to be said of a task. */
  public static final class Builder {
    private final String id;
    private final String role;
    private String prompt;
    private @Nullable String workflow;
    private final List<String> needs = new ArrayList<>();
    private FailureMode failure = FailureMode.HARD;
    private int priority;
    private TaskLimits limits = TaskLimits.DEFAULT;
    private final Set<String> writes = new LinkedHashSet<>();
    private @Nullable RetryPolicy retry;

    private Builder(String id, String role, String prompt) {
      Names.check("id", id);
      Names.check("role", role);
      this.id = id;
      this.role = role;
      this.prompt = requireNonNull(prompt, "prompt");
    }

    /** Goes through the steps of a workflow instead of a single one. */
    public Builder workflow(String name) {
      workflow = requireNonNull(name, "workflow");
      return this;
    }

    /** What has to be done before. */
    public Builder needs(String... ids) {
      needs.addAll(List.of(ids));
      return this;
    }

    /** What its failure means for those that need it; default {@link FailureMode#HARD}. */
    public Builder failure(FailureMode mode) {
      failure = requireNonNull(mode, "failure");
      return this;
    }

    /** Default 0; -1,000,000 to 1,000,000. */
    public Builder priority(int value) {
      Check.that(
          Math.abs((long) value) <= 1_000_000,
          "priority must be -1000000 to 1000000, was %d",
          value);
      priority = value;
      return this;
    }

    /** Default {@link TaskLimits#DEFAULT}. */
    public Builder limits(TaskLimits some) {
      limits = requireNonNull(some, "limits");
      return this;
    }

    /** Paths or patterns below the working directory. */
    public Builder writes(String... patterns) {
      writes.addAll(List.of(patterns));
      return this;
    }

    /** Repeats attempts by a policy of its own. */
    public Builder retry(RetryPolicy policy) {
      retry = requireNonNull(policy, "retry");
      return this;
    }

    /** The task. */
    public Task build() {
      return new Task(this);
    }
  }
}
