package dev.belay.server.cli.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.llm.LlmException;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transcript.TranscriptSettings;
import dev.belay.llm.transcript.Transcripts;
import dev.belay.llm.transport.StreamSink;
import dev.belay.server.OneShot;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.CheckList;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay llm call}: one question, with all that a route does for it. */
@Command(
    name = "call",
    description = {
      "Ask a model, by the routes of a configuration or with a key of the environment.",
      "The answer goes to standard output, how it came about to standard error."
    },
    footer = {
      "",
      "Example:",
      "  belay llm call --provider openai --model gpt-5-mini 'Name a river'",
      "  belay llm call -c belay.yaml --check '[{type: json}]' 'A river, as JSON'",
      "  git diff | belay llm call -c belay.yaml --system 'Review this.' -"
    })
final class LlmCallVerb implements Callable<Integer> {
  private static final int LONGEST = 20_000_000;

  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private LlmTarget target = new LlmTarget();

  @Parameters(paramLabel = "QUESTION", description = "What to ask; - reads standard input.")
  private String question = "";

  @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told first.")
  private @Nullable String system;

  @Option(
      names = "--check",
      paramLabel = "CHECKS",
      description = {
        "What the answer has to pass, as in",
        "llm.routes.*.check: the list as JSON or YAML.",
        "Instead of those of the route."
      })
  private @Nullable String check;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Of the answer.")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--transcript",
      paramLabel = "DIR",
      description = "Write the call down there, for belay llm replay.")
  private @Nullable Path transcript;

  LlmCallVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    BelayConfig config = target.config(belay.terminal(), spec.commandLine());
    try (OneShot models = new OneShot(config, recorder())) {
      return ask(models, call(target.route(models.routes(), spec.commandLine())));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
    }
  }

  private Recorder recorder() {
    return transcript == null
        ? Recorder.NONE
        : new Transcripts(
            transcript,
            TranscriptSettings.DEFAULT,
            Runnable::run,
            Time.system(),
            SharedRandom.INSTANCE);
  }

  private LlmCall call(String route) throws IOException {
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(Message.system(system));
    }
    messages.add(Message.user(question.equals("-") ? standardInput() : question));
    LlmRequest.Builder request = LlmRequest.to(route).messages(messages);
    if (maxTokens != null) {
      request.maxTokens(maxTokens);
    }
    LlmCall call = LlmCall.of(request.build());
    if (check == null) {
      return call;
    }
    var checks = CheckList.parse("--check", check);
    return call.checkedBy(CheckList.validators(CheckList.NOBODY, route).from(checks))
        .noting(checks);
  }

  private String standardInput() throws IOException {
    byte[] bytes = belay.terminal().in().readNBytes(LONGEST + 1);
    if (bytes.length > LONGEST) {
      throw new ParameterException(
          spec.commandLine(), "standard input must be at most %d bytes".formatted(LONGEST));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int ask(OneShot models, LlmCall call) throws InterruptedException {
    PrintWriter out = belay.terminal().out();
    StreamSink sink =
        event -> {
          if (event instanceof StreamEvent.Text text && !belay.isJson()) {
            out.print(text.delta());
            out.flush();
          }
          return StreamSink.READY;
        };
    CompletableFuture<LlmResult> answer = models.ask(call, sink);
    try {
      LlmResult result = answer.get();
      if (belay.isJson()) {
        Json.print(belay.terminal(), LlmCallText.json(result));
      } else {
        out.println();
        belay.terminal().err().println(LlmCallText.line(result));
      }
      return ExitCode.OK;
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      throw interrupted;
    } catch (ExecutionException failed) {
      return failed(requireNonNull(failed.getCause()));
    }
  }

  private int failed(Throwable cause) {
    if (!(cause instanceof LlmException)) {
      throw cause instanceof RuntimeException own ? own : new IllegalStateException(cause);
    }
    String message = String.valueOf(cause.getMessage());
    if (belay.isJson()) {
      Json.print(belay.terminal(), LlmCallText.json(cause));
    } else {
      belay.terminal().err().println("belay: " + message);
      if (cause instanceof LlmFailure failure) {
        belay
            .terminal()
            .err()
            .println(
                String.format(
                    Locale.ROOT,
                    "%d attempts, waited %.1f s",
                    failure.report().spent().attempts(),
                    failure.report().waited().toMillis() / 1e3));
      }
    }
    return ExitCode.FAILED;
  }
}
