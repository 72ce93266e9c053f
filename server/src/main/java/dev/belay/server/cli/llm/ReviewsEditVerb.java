package dev.belay.server.cli.llm;

import dev.belay.llm.review.Decision;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code belay reviews edit}: another answer. */
@Command(
    name = "edit",
    description = "Give a call another answer than the model's.",
    footer = {
      "",
      "Example:",
      "  belay reviews edit rev-0123456789abcdef0123456789abcdef --answer '{\"age\": 42}'"
    })
final class ReviewsEditVerb implements Callable<Integer> {
  private static final String STDIN = "-";

  /** More than any answer has; what is longer is refused for its length. */
  private static final int MOST_BYTES = 4 * Decision.LONGEST + 4;

  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private DecisionOptions decision = new DecisionOptions();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  /** Where the answer stands: in one of two places. */
  static final class Source {
    @Option(names = "--answer", paramLabel = "TEXT", description = "The answer itself.")
    private @Nullable String answer;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Holds the answer, a line break at its end left out; - for standard input.")
    private @Nullable String file;
  }

  ReviewsEditVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    return decision.decide(belay, server, () -> new Decision.Edit(answer()));
  }

  private String answer() {
    String file = source.file;
    if (file == null) {
      return String.valueOf(source.answer);
    }
    try {
      String text = new String(bytes(file), StandardCharsets.UTF_8);
      return text.replaceFirst("\\r?\\n\\z", "");
    } catch (IOException unreadable) {
      throw new ParameterException(
          spec.commandLine(), "cannot read %s; is it there?".formatted(file), unreadable);
    }
  }

  private byte[] bytes(String file) throws IOException {
    if (file.equals(STDIN)) {
      return belay.terminal().in().readNBytes(MOST_BYTES);
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return in.readNBytes(MOST_BYTES);
    }
  }
}
