package dev.belay.testkit.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.testkit.Header;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Response;
import dev.belay.testkit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Takes requests in, judges them, asks the script and answers. Safe for any number of threads. */
final class Desk {
  private static final int MOST_COMPUTED = 16;
  private static final Completion.Pace AT_ONCE =
      new Completion.Pace(Duration.ZERO, Duration.ZERO, 1);

  private final Supplier<Function<LlmRequest, Answer>> script;
  private final Rules rules;
  private final Statistics statistics;
  private final HintBook hints;
  private final AtomicLong numbers = new AtomicLong();

  Desk(
      Supplier<Function<LlmRequest, Answer>> script,
      Rules rules,
      Statistics statistics,
      HintBook hints) {
    this.script = script;
    this.rules = rules;
    this.statistics = statistics;
    this.hints = hints;
  }

  boolean serve(ReceivedRequest http, Wire wire) throws IOException {
    Route route = Route.of(http);
    if (route.kind() != Route.Kind.CALL) {
      return aside(http, route, wire);
    }
    int concurrency = statistics.begin();
    try {
      Optional<JsonNode> parsed = Json.parse(http.body());
      JsonNode body = parsed.orElseGet(() -> Json.objectOf("{}"));
      LlmRequest arrived =
          LlmRequest.of(new LlmRequest.Arrival(http, route, concurrency), ApiKeys.of(http), body);
      LlmRequest request = arrived.withinHint(hints.left(arrived));
      Optional<Fault> objection = rules.objection(request, parsed);
      Answer answer =
          objection.isPresent() ? objection.get() : resolved(script.get().apply(request), request);
      statistics.note(new Exchange(request, status(answer, request), objection.isPresent()));
      return send(answer, request, body, wire);
    } finally {
      statistics.end();
    }
  }

  /** Asks computed answers until one is an answer. */
  private static Answer resolved(Answer answer, LlmRequest request) {
    Answer current = answer;
    for (int i = 0; i < MOST_COMPUTED; i++) {
      if (!(current instanceof Answer.Computed(var function))) {
        return current;
      }
      current = function.apply(request);
    }
    throw new IllegalStateException("an answer that leads to itself");
  }

  private static int status(Answer answer, LlmRequest request) {
    return switch (answer) {
      case Completion completion -> 200;
      case Fault fault -> Voice.of(request.dialect()).wording(fault).status();
      case Answer.Verbatim(Reply reply) ->
          reply instanceof Response response ? response.status() : 0;
      case Answer.Computed computed -> 0;
    };
  }

  private boolean send(Answer answer, LlmRequest request, JsonNode body, Wire wire)
      throws IOException {
    return switch (answer) {
      case Completion completion -> complete(completion, request, body, wire);
      case Fault fault -> {
        wire.pause(fault.delay());
        fault.hint().ifPresent(hint -> hints.book(request, hint.after(), System.nanoTime()));
        Rendering.Key key = key(request, prompt(request, body, new Usage(0, 0)), wire);
        yield say(new Renderer(key).fault(fault, Instant.now()), wire);
      }
      case Answer.Verbatim(Reply reply) -> wire.reply(reply);
      case Answer.Computed computed -> throw new IllegalStateException("not resolved");
    };
  }

  private boolean complete(Completion completion, LlmRequest request, JsonNode body, Wire wire)
      throws IOException {
    Completion.Parts parts = completion.parts();
    wire.pause(parts.pace().firstByte());
    Usage usage =
        parts
            .content()
            .usage()
            .orElseGet(() -> {
              int chars = parts.content().choices().stream().mapToInt(Choice::chars).sum();
              return new Usage(
                  Math.ceilDiv(request.http().bodyLength(), 4), Math.ceilDiv(chars, 4));
            });
    Rendering.Key key = key(request, prompt(request, body, usage), wire);
    Rendering rendering =
        completion.renderings().of(key, any -> new Renderer(any).completion(completion));
    parts
        .broken()
        .fault()
        .flatMap(Fault::hint)
        .filter(hint -> request.streams())
        .ifPresent(hint -> hints.book(request, hint.after(), System.nanoTime()));
    return say(rendering, parts.pace(), wire);
  }

  private static Prompt prompt(LlmRequest request, JsonNode body, Usage usage) {
    Prompt.Mode mode = Prompt.Mode.WHOLE;
    if (request.streams()) {
      boolean list =
          request.dialect() == Dialect.GEMINI && !request.http().target().contains("alt=sse");
      boolean tells = body.path("stream_options").path("include_usage").asBoolean(false);
      mode = list ? Prompt.Mode.LIST : tells ? Prompt.Mode.EVENTS_WITH_USAGE : Prompt.Mode.EVENTS;
    }
    return new Prompt(request.model(), usage, mode);
  }

  private static Rendering.Key key(LlmRequest request, Prompt prompt, Wire wire) {
    boolean old = request.http().version().equals("HTTP/1.0");
    return new Rendering.Key(request.dialect(), prompt, new Rendering.Peer(old, wire.keepsAlive()));
  }

  private boolean say(Rendering rendering, Wire wire) throws IOException {
    return say(rendering, AT_ONCE, wire);
  }

  private boolean say(Rendering rendering, Completion.Pace pace, Wire wire) throws IOException {
    long number = numbers.incrementAndGet();
    List<Template> pieces = rendering.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      if (i > 1) { // the head comes with the first piece
        wire.pause(pace.between());
      }
      wire.send(pieces.get(i).with(number));
    }
    return switch (rendering.end()) {
      case KEEP -> true;
      case CLOSE -> false;
      case RESET -> wire.reply(Reply.reset());
      case SILENCE -> wire.reply(Reply.hang());
    };
  }

  /** Whatever is no call of a model. */
  private boolean aside(ReceivedRequest http, Route route, Wire wire) throws IOException {
    Rendering.Peer peer = new Rendering.Peer(http.version().equals("HTTP/1.0"), wire.keepsAlive());
    Prompt prompt = new Prompt("", new Usage(0, 0), Prompt.Mode.WHOLE);
    Renderer renderer = new Renderer(new Rendering.Key(route.dialect(), prompt, peer));
    Optional<Fault> objection =
        route.kind() == Route.Kind.NOTHING
            ? Optional.of(
                Fault.of(Trouble.NOT_FOUND)
                    .code("unknown_url")
                    .message("Unknown request URL: " + http.method() + " " + http.path()))
            : rules.stranger(ApiKeys.of(http), route.dialect());
    if (objection.isPresent()) {
      return say(renderer.fault(objection.get(), Instant.now()), wire);
    }
    Optional<String> page = ModelList.page(route, rules.models());
    if (page.isEmpty()) {
      return say(renderer.fault(Fault.of(Trouble.NOT_FOUND), Instant.now()), wire);
    }
    List<Header> headers = List.of(new Header("Content-Type", "application/json"));
    return say(renderer.message(200, headers, page.get().getBytes(UTF_8)), wire);
  }
}
