package dev.belay.flow.plan;

import dev.belay.RetryPolicy;
import dev.belay.flow.FailureMode;
import dev.belay.flow.Task;
import dev.belay.flow.TaskLimits;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigFile;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one task. */
final class TaskReader {
  private static final int LARGEST_PROMPT = 64 << 20;
  private static final Range<Duration> LENGTH = Range.above(Duration.ZERO, Duration.ofDays(7));
  private static final List<String> MODES =
      Arrays.stream(FailureMode.values())
          .map(mode -> mode.name().toLowerCase(Locale.ROOT))
          .toList();

  private final Path directory;
  private final RetryPolicy retry;

  /** Reads prompts from files below a directory. */
  TaskReader(Path directory, RetryPolicy retry) {
    this.directory = directory;
    this.retry = retry;
  }

  Optional<Task> read(Section section) {
    Optional<String> id = Raw.text(section, "id");
    Optional<String> role = role(section, id);
    String prompt = prompt(section);
    Optional<String> workflow = Raw.text(section, "workflow");
    List<String> needs = Raw.texts(section, "needs");
    String mode = section.oneOf("failure", MODES, "hard");
    int priority = section.whole("priority", Range.of(-1_000_000, 1_000_000), 0);
    TaskLimits limits = limits(section);
    List<String> writes = Raw.texts(section, "writes");
    Optional<RetryPolicy> own =
        section.has("retry")
            ? Optional.of(RetryRules.read(section.section("retry"), retry))
            : Optional.empty();
    section.close();
    if (id.isEmpty() || role.isEmpty()) {
      if (id.isEmpty() && !section.has("id")) {
        section.wrong("id", "must be given");
      }
      return Optional.empty();
    }
    return section.build(
        () -> {
          Task.Builder task =
              Task.of(id.get(), role.get(), prompt)
                  .needs(needs.toArray(String[]::new))
                  .failure(FailureMode.valueOf(mode.toUpperCase(Locale.ROOT)))
                  .priority(priority)
                  .limits(limits)
                  .writes(writes.toArray(String[]::new));
          workflow.ifPresent(task::workflow);
          own.ifPresent(task::retry);
          return Optional.of(task.build());
        },
        Optional.empty());
  }

  private static Optional<String> role(Section section, Optional<String> id) {
    Optional<String> role = Raw.text(section, "role");
    Optional<String> backend = Raw.text(section, "backend");
    if (role.isPresent() && backend.isPresent()) {
      section.wrong("backend", "must not be given beside role; one of them says who does it");
    }
    Optional<String> given = role.or(() -> backend);
    if (given.isEmpty() && section.has("workflow")) {
      return Raw.text(section, "workflow"); // its steps say who does them
    }
    if (given.isEmpty()) {
      section.wrong(
          "role", "must be given for %s, or backend or workflow".formatted(id.orElse("the task")));
    }
    return given;
  }

  private String prompt(Section section) {
    Optional<String> prompt = Raw.text(section, "prompt");
    Optional<Place> file = section.place("prompt_file");
    if (prompt.isPresent() == file.isPresent()) {
      section.wrong("prompt", "must be given, or prompt_file, and not both");
      return "";
    }
    return prompt.orElseGet(() -> file.map(this::load).orElse(""));
  }

  private String load(Place place) {
    Optional<String> name = Raw.text(place);
    if (name.isEmpty()) {
      return "";
    }
    try {
      return ConfigFile.read(directory.resolve(name.get()), LARGEST_PROMPT);
    } catch (ConfigException missing) {
      place.wrong(String.valueOf(missing.getMessage()));
      return "";
    }
  }

  private static TaskLimits limits(Section section) {
    TaskLimits usual = TaskLimits.DEFAULT;
    Duration timeout = section.length("timeout", LENGTH, usual.timeout());
    Duration idle = section.length("idle_timeout", LENGTH, usual.idleTimeout());
    Section budget = section.section("budget");
    double cost = budget.number("cost", Range.above(0.0, 1e9), usual.cost());
    long tokens = budget.size("tokens", Range.of(1L, Long.MAX_VALUE), usual.tokens());
    budget.close();
    return section.build(() -> new TaskLimits(timeout, idle, cost, tokens), usual);
  }
}
