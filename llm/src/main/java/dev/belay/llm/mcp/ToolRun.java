package dev.belay.llm.mcp;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.ProviderException;
import dev.belay.llm.Tool;
import dev.belay.llm.Usage;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.LlmTransport;
import dev.belay.llm.transport.StreamSink;
import dev.belay.llm.transport.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One attempt with all its rounds, on a virtual thread of its own. */
final class ToolRun {
  private final LlmTransport transport;
  private final LlmEndpoint endpoint;
  private final LlmRequest request;
  private final Terms terms;
  private final @Nullable StreamSink sink;
  private final CompletableFuture<LlmResponse> result = new CompletableFuture<>();

  /** An answer, and what of it has not been shown yet; nothing if it was asked for whole. */
  private record Round(LlmResponse response, @Nullable RoundSink sink) {}

  ToolRun(
      LlmTransport transport,
      LlmEndpoint endpoint,
      LlmRequest request,
      Terms terms,
      @Nullable StreamSink sink) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.request = request;
    this.terms = terms;
    this.sink = sink;
  }

  /**
   * Starts it.
   *
   * @param servers whose tools are run here
   */
  CompletableFuture<LlmResponse> start(
      List<McpServer> servers, Opening opening, Unfinished unfinished, Unfinished.State state) {
    Thread worker =
        Thread.ofVirtual()
            .name("belay-tools")
            .unstarted(() -> run(servers, opening, unfinished, state));
    var unused =
        result.whenComplete((answer, failure) -> {
          if (failure != null) {
            worker.interrupt();
          }
        });
    worker.start();
    return result;
  }

  private void run(
      List<McpServer> servers, Opening opening, Unfinished unfinished, Unfinished.State state) {
    Progress progress = new Progress(state, servers);
    try {
      // told after the servers are: nothing of the call is left but what is ending
      result.complete(answer(servers, opening, progress));
    } catch (InterruptedException given) {
      result.cancel(false);
    } catch (ExecutionException failed) {
      Throwable cause = cause(failed);
      if (cause instanceof ProviderException) {
        unfinished.keep(terms.idempotencyKey(), progress.state());
      }
      result.completeExceptionally(cause);
    } catch (RuntimeException | Error broken) {
      result.completeExceptionally(broken);
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wraps = failure instanceof ExecutionException || failure instanceof CompletionException;
    return wraps && cause != null ? cause(cause) : failure;
  }

  /** What the rounds have come to so far. */
  private static final class Progress {
    private final Set<String> servers;
    private final List<Message> said;
    private int rounds;
    private Usage usage = Usage.NONE;

    Progress(Unfinished.State state, List<McpServer> servers) {
      this.servers = servers.stream().map(McpServer::name).collect(Collectors.toSet());
      this.said = new ArrayList<>(state.said());
      this.rounds = state.rounds();
    }

    void ran(LlmResponse asked, List<Part> results) {
      List<Part> parts = new ArrayList<>();
      if (!asked.text().isEmpty()) {
        parts.add(new Part.Text(asked.text()));
      }
      parts.addAll(asked.toolCalls());
      said.add(new Message(Message.Role.ASSISTANT, parts));
      said.add(new Message(Message.Role.TOOL, results));
      rounds++;
    }

    Unfinished.State state() {
      return new Unfinished.State(rounds, said, servers);
    }
  }

  private LlmResponse answer(List<McpServer> servers, Opening opening, Progress progress)
      throws InterruptedException, ExecutionException {
    Set<String> taken = request.tools().stream().map(Tool::name).collect(Collectors.toSet());
    Round last;
    try (ToolKit kit = ToolKit.open(servers, taken, opening, terms.deadline())) {
      LlmRequest offered = kit.offered(request);
      last = ask(followed(offered, progress), progress.rounds);
      for (progress.usage = last.response.usage();
          runsHere(kit, last.response);
          progress.usage = progress.usage.plus(last.response.usage())) {
        if (progress.rounds >= opening.settings().rounds()) {
          throw new ToolRoundsExhausted(endpoint.name(), opening.settings().rounds());
        }
        progress.ran(last.response, kit.run(last.response.toolCalls()));
        LlmRequest next = followed(offered, progress);
        terms.rounds().next(next, progress.usage);
        last = ask(next, progress.rounds);
      }
      last = new Round(theirs(last.response, kit, progress.usage), last.sink);
    }
    if (last.sink != null) {
      last.sink.end(last.response);
    }
    return last.response;
  }

  /** Another round is another request to a provider that knows keys. */
  private Terms termsOf(int round) {
    boolean same = round == 0 || terms.idempotencyKey().isEmpty();
    return same ? terms : terms.withIdempotencyKey(terms.idempotencyKey() + "-" + round);
  }

  /** Who has to use a tool has done so when there is a result. */
  private LlmRequest followed(LlmRequest offered, Progress progress) {
    if (progress.said.isEmpty()) {
      return offered;
    }
    List<Message> all = new ArrayList<>(offered.messages());
    all.addAll(progress.said);
    return offered.toBuilder().messages(all).toolChoice("auto").build();
  }

  /** A call that is cut may say anything; calls of the caller's own tools are for the caller. */
  private static boolean runsHere(ToolKit kit, LlmResponse response) {
    List<Part.ToolCall> calls = response.toolCalls();
    return response.finish().isWhole() && !calls.isEmpty() && calls.stream().allMatch(kit::has);
  }

  private Round ask(LlmRequest asked, int round) throws InterruptedException, ExecutionException {
    Terms on = termsOf(round);
    RoundSink shown = sink == null ? null : new RoundSink(sink);
    CompletionStage<LlmResponse> sent =
        shown == null
            ? transport.send(endpoint, asked, on)
            : transport.stream(endpoint, asked, on, shown);
    CompletableFuture<LlmResponse> answer = sent.toCompletableFuture();
    try {
      return new Round(answer.get(), shown);
    } catch (InterruptedException given) {
      answer.cancel(true);
      throw given;
    }
  }

  /** The answer without calls that are none of the caller's. */
  private static LlmResponse theirs(LlmResponse response, ToolKit kit, Usage usage) {
    List<LlmResponse.Choice> choices =
        response.choices().stream()
            .map(choice ->
                new LlmResponse.Choice(
                    choice.text(),
                    choice.toolCalls().stream().filter(call -> !kit.has(call)).toList(),
                    choice.refusal(),
                    choice.finish()))
            .toList();
    return new LlmResponse(response.id(), response.model(), choices, usage, response.raw());
  }
}
