package dev.belay.server.cli.llm;

import dev.belay.llm.check.Validator;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.ModelsFile;
import dev.belay.llm.delay.Preset;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.replay.Replay;
import dev.belay.server.config.CheckList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to be different in a replay. */
final class ReplayOptions {
  @Option(names = "--models", paramLabel = "FILE", description = "The waits of this models.yaml.")
  private @Nullable Path models;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = {
        "The waits of interactive, batch or legacy.",
        "With none of the three: the preset that",
        "the transcript names."
      })
  private @Nullable Preset preset;

  @Option(
      names = "--check",
      paramLabel = "CHECKS",
      description = {
        "What answers have to pass, as in",
        "llm.routes.*.check: a file, or the list itself",
        "as JSON or YAML."
      })
  private @Nullable String check;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "42",
      description = "Of jitter; default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  long seed() {
    return seed;
  }

  /**
   * What to run on each transcript.
   *
   * @throws IllegalArgumentException that says what is wrong with a wish
   * @throws IOException if a file cannot be read
   */
  Function<Transcript, Replay> replay() throws IOException {
    Optional<DelaySettings> waits = waits();
    Optional<List<Validator>> checks = Optional.ofNullable(check).map(ReplayOptions::checks);
    Replay plain = Replay.seeded(seed);
    Replay checked = checks.map(plain::checkedBy).orElse(plain);
    if (waits.isPresent()) {
      Replay both = checked.waitingBy(waits.get());
      return transcript -> both;
    }
    return checks.isPresent()
        ? transcript -> checked
        : transcript -> checked.waitingBy(DelaySettings.of(own(transcript)));
  }

  private Optional<DelaySettings> waits() throws IOException {
    if (models == null) {
      return Optional.ofNullable(preset).map(DelaySettings::of);
    }
    if (preset != null) {
      throw new IllegalArgumentException("--models and --preset exclude each other");
    }
    return Optional.of(ModelsFile.parse(models.toString(), Files.readString(models)).delays());
  }

  /** The preset under which a call was made; a name that is none stands for the usual one. */
  private static Preset own(Transcript transcript) {
    String name = transcript.call().terms().policy();
    for (Preset one : Preset.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
        return one;
      }
    }
    return Preset.INTERACTIVE;
  }

  private static List<Validator> checks(String text) {
    Json.Arr list =
        file(text).map(CheckList::load).orElseGet(() -> CheckList.parse("--check", text));
    // judges can be described as in a configuration; the replay never lets them ask
    return CheckList.validators(CheckList.NOBODY, "none").from(list);
  }

  private static Optional<Path> file(String text) {
    try {
      Path path = Path.of(text);
      return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException none) {
      return Optional.empty();
    }
  }
}
