package dev.belay.llm.transport;

import dev.belay.Deadline;
import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.CliInput;
import dev.belay.llm.provider.CliOutput;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.MissingVariable;
import dev.belay.llm.provider.Reading;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One attempt at a program. Reads and writes on virtual threads of its own. */
final class CliCall {
  private final LlmEndpoint endpoint;
  private final Backend.Cli cli;
  private final CliInput input;
  private final @Nullable StreamSink sink;
  private final Terms terms;
  private final CompletableFuture<LlmResponse> result = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  CliCall(
      LlmEndpoint endpoint,
      Backend.Cli cli,
      CliInput input,
      @Nullable StreamSink sink,
      Terms terms) {
    this.endpoint = endpoint;
    this.cli = cli;
    this.input = input;
    this.sink = sink;
    this.terms = terms;
  }

  CompletableFuture<LlmResponse> start(Time time, ErrorReader errors) {
    Thread worker = Thread.ofVirtual().unstarted(() -> run(time, errors));
    var unused =
        result.whenComplete((answer, failure) -> {
          if (failure != null) {
            worker.interrupt();
          }
        });
    worker.start();
    return result;
  }

  private void run(Time time, ErrorReader errors) {
    Watch watch = new Watch(time, this::oneByOne, this::tooLate);
    try {
      // what was made for it is gone before anybody hears of its end
      conclude(read(watch, time), errors, time);
    } catch (InterruptedException given) {
      result.cancel(false); // unless a limit has failed it before
    } catch (IOException broken) {
      fail(
          new ProviderException(
              ProviderError.of(
                  ErrorKind.NETWORK,
                  "%s cannot be run: %s"
                      .formatted(cli.command().getFirst(), broken.getMessage()))));
    } catch (ExecutionException refused) {
      fail(refused.getCause() == null ? refused : refused.getCause());
    } catch (MissingVariable missing) {
      fail(
          new ProviderException(
              ProviderError.of(ErrorKind.AUTH, String.valueOf(missing.getMessage()))));
    } catch (RuntimeException | Error broken) {
      fail(broken);
    } finally {
      oneByOne(watch::stop);
    }
  }

  private Reading read(Watch watch, Time time)
      throws IOException, InterruptedException, ExecutionException {
    try (CliFiles files = CliFiles.of(cli, input);
        CliProcess process = CliProcess.start(command(files), cli, time)) {
      watch(watch);
      process.write(files.takesPrompt() ? "" : input.prompt());
      CliOutput output = new CliOutput(cli.output());
      Pieces pieces = new Pieces(watch);
      CliReading reading = new CliReading(process.output(), output, pieces, terms.limits().body());
      var unused = reading.failed().thenAccept(this::fail);
      reading.start();
      int exit = process.exitCode();
      reading.await(time);
      List<StreamEvent> last = new ArrayList<>();
      Reading end = output.end(exit, process.complaints(), last::add);
      pieces.take(last);
      return end;
    }
  }

  private List<String> command(CliFiles files) {
    return cli.command().stream()
        .map(word ->
            switch (word) {
              case "{prompt}" -> input.prompt();
              case "{system}" -> input.instructions();
              default ->
                  word.replace("{model}", endpoint.model()).replace("{mcp_config}", files.config());
            })
        .toList();
  }

  private void watch(Watch watch) {
    Limits limits = terms.limits();
    Duration left = terms.deadline() == Deadline.NEVER ? limits.total() : terms.deadline().left();
    boolean sooner = left.compareTo(limits.total()) < 0;
    locked(() -> {
      watch.whole(sooner ? Watch.Part.DEADLINE : Watch.Part.TOTAL, sooner ? left : limits.total());
      if (sink != null) {
        watch.part(Watch.Part.FIRST, limits.first());
      }
    });
  }

  /** Takes what was read: who waits for the sink has not been let down by the program. */
  private final class Pieces implements CliReading.Pieces {
    private final Watch watch;
    private boolean begun;

    Pieces(Watch watch) {
      this.watch = watch;
    }

    @Override
    public void take(List<StreamEvent> events) throws InterruptedException, ExecutionException {
      if (!begun && !events.isEmpty()) {
        begun = true;
        locked(() -> watch.part(Watch.Part.IDLE, terms.limits().idle()));
      }
      locked(() -> watch.hold(true));
      for (StreamEvent event : events) {
        pass(event);
      }
      locked(() -> watch.hold(false));
    }
  }

  private void pass(StreamEvent event) throws InterruptedException, ExecutionException {
    if (sink != null) {
      var unused = sink.next(event).toCompletableFuture().get();
    }
  }

  private void conclude(Reading reading, ErrorReader errors, Time time)
      throws InterruptedException, ExecutionException {
    switch (reading) {
      case Reading.Answered(LlmResponse response) -> {
        LlmResponse answer =
            response.model().isEmpty()
                ? new LlmResponse(
                    response.id(),
                    endpoint.model(),
                    response.choices(),
                    response.usage(),
                    response.raw())
                : response;
        pass(new StreamEvent.End(answer));
        result.complete(answer);
      }
      case Reading.Refused(var error) ->
          fail(new ProviderException(errors.read(endpoint.provider(), error, time.instant())));
      case Reading.Garbled(String why) ->
          fail(
              new ProviderException(
                  new ProviderError(ErrorKind.GARBAGE, 0, "", why, "", Hint.NONE)));
    }
  }

  /** On another thread: what follows on the failure must not run under our lock. */
  private void tooLate(ProviderError late) {
    Thread.startVirtualThread(() -> fail(new ProviderException(late)));
  }

  private void fail(Throwable why) {
    result.completeExceptionally(why);
  }

  private void oneByOne(Runnable task) {
    Executor threads = Thread::startVirtualThread;
    threads.execute(() -> locked(task));
  }

  private void locked(Runnable task) {
    lock.lock();
    try {
      task.run();
    } finally {
      lock.unlock();
    }
  }
}
