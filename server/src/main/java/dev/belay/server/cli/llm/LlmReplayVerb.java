package dev.belay.server.cli.llm;

import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptFile;
import dev.belay.llm.transcript.TranscriptSchema;
import dev.belay.llm.transcript.replay.Replay;
import dev.belay.server.cli.llm.Replays.Replayed;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay llm replay}: what other rules would have made of calls that were made. */
@Command(
    name = "replay",
    description = {
      "Run other waits and other checks on transcripts of calls, without asking any model.",
      "Ends with 0 if all would have been decided as it was, 3 if something would not."
    },
    footer = {
      "",
      "Example:",
      "  belay llm replay transcripts --preset batch",
      "  belay llm replay transcripts/20260101 --check '[{type: json}]'"
    })
final class LlmReplayVerb implements Callable<Integer> {
  /** Something would have been decided differently. */
  private static final int CHANGED = 3;

  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Transcripts, or folders with files named *.jsonl.")
  private List<Path> files = List.of();

  @Mixin private ReplayOptions options = new ReplayOptions();

  @Option(names = "--schema", description = "Print the JSON Schema of a line and do nothing else.")
  private boolean schema;

  LlmReplayVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (schema) {
      belay.terminal().out().print(TranscriptSchema.text());
      return ExitCode.OK;
    }
    if (files.isEmpty()) {
      throw wrong("Missing required parameter: 'FILE'");
    }
    Replays replays = replayed();
    if (belay.isJson()) {
      belay.terminal().out().println(replays.json(options.seed()));
    } else {
      new ReplayText(belay.terminal()).print(replays);
    }
    return replays.changed() == 0 ? ExitCode.OK : CHANGED;
  }

  private Replays replayed() throws InterruptedException {
    try {
      Function<Transcript, Replay> replay = options.replay();
      List<Replayed> calls = new ArrayList<>();
      int cutOff = 0;
      List<Path> all = all();
      for (Path file : all) {
        TranscriptFile read = TranscriptFile.read(file);
        cutOff += read.cutOff() ? 1 : 0;
        for (Transcript transcript : read.transcripts()) {
          calls.add(new Replayed(file, replay.apply(transcript).of(transcript)));
        }
      }
      return new Replays(all.size(), cutOff, calls);
    } catch (IllegalArgumentException wrong) {
      throw wrong(String.valueOf(wrong.getMessage()));
    } catch (NoSuchFileException missing) {
      throw wrong(missing.getFile() + ": there is no such file");
    } catch (AccessDeniedException closed) {
      throw wrong(closed.getFile() + ": must not be read");
    } catch (IOException unreadable) {
      throw wrong("a file cannot be read: " + unreadable);
    }
  }

  /** Folders are gone through in the order of names, which is that of time. */
  private List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isDirectory(file)) {
        all.add(file);
        continue;
      }
      try (Stream<Path> below = Files.walk(file)) {
        below
            .filter(one -> one.toString().endsWith(".jsonl") && Files.isRegularFile(one))
            .sorted()
            .forEach(all::add);
      }
    }
    return all;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
