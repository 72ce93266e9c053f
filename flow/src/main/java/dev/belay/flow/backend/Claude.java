package dev.belay.flow.backend;

import dev.belay.flow.Spend;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Claude Code, by its stream of JSON lines. */
final class Claude implements Dialect {
  /** One argument cannot be longer than 128 KB on Linux. */
  private static final int LONGEST_ARGUMENT = 30 << 10;

  private static final String REFUSED = "rejected";

  @Override
  public String program() {
    return "claude";
  }

  @Override
  public String install() {
    return "install it by npm install -g @anthropic-ai/claude-code";
  }

  @Override
  public String login() {
    return "log in by claude /login, or set its key";
  }

  @Override
  public Conversation fresh() {
    return new Conversation(Optional.of(UUID.randomUUID().toString()), false);
  }

  @Override
  public List<String> arguments(
      AgentCall call, Conversation conversation, Optional<String> model, List<String> more) {
    List<String> words =
        new ArrayList<>(List.of("-p", "--output-format", "stream-json", "--verbose"));
    conversation
        .id()
        .ifPresent(id -> {
          words.add(conversation.exists() ? "--resume" : "--session-id");
          words.add(id);
        });
    model.ifPresent(name -> words.addAll(List.of("--model", name)));
    call.system()
        .filter(system -> system.length() <= LONGEST_ARGUMENT)
        .ifPresent(system -> words.addAll(List.of("--append-system-prompt", system)));
    if (!call.tools().isEmpty()) {
      words.addAll(List.of("--allowedTools", String.join(",", call.tools())));
    }
    call.maxCost()
        .map(cost -> BigDecimal.valueOf(cost).toPlainString())
        .ifPresent(cost -> words.addAll(List.of("--max-budget-usd", cost)));
    words.addAll(more);
    return words;
  }

  @Override
  public String input(AgentCall call) {
    return call.system()
        .filter(system -> system.length() > LONGEST_ARGUMENT)
        .map(system -> system + "\n\n" + call.prompt())
        .orElse(call.prompt());
  }

  @Override
  public Speech speech(AgentListener listener) {
    return new Events(listener);
  }

  private static final class Events extends EventSpeech {
    private Optional<UsageLimit> limit = Optional.empty();

    private Events(AgentListener listener) {
      super(listener);
    }

    @Override
    void event(JsonNode event) {
      String id = Json.text(event, "session_id");
      switch (Json.text(event, "type")) {
        case "system" -> meet(id);
        case "assistant" -> {
          meet(id);
          said(event.path("message").path("content"));
        }
        case "rate_limit_event" -> limited(event.path("rate_limit_info"));
        case "result" -> {
          meet(id);
          result(event);
        }
        default -> {
          // others are made from time to time, and need not be understood
        }
      }
    }

    private void said(JsonNode content) {
      for (JsonNode part : content) {
        switch (Json.text(part, "type")) {
          case "text" -> told.text(Json.text(part, "text"));
          case "tool_use" ->
              told.line("[%s] %s".formatted(Json.text(part, "name"), part.path("input")));
          default -> {
            // thoughts and the like are not for people
          }
        }
      }
    }

    /** A warning that little is left is no refusal. */
    private void limited(JsonNode info) {
      if (Json.text(info, "status").equals(REFUSED)) {
        limit =
            UsageLimits.at(Json.number(info, "resetsAt"), Json.text(info, "rateLimitType"))
                .or(() -> limit);
      }
    }

    private void result(JsonNode result) {
      String text = Json.text(result, "result");
      String subtype = Json.text(result, "subtype");
      JsonNode usage = result.path("usage");
      spend =
          new Spend(
              Json.amount(result, "total_cost_usd"),
              Json.number(usage, "input_tokens")
                  + Json.number(usage, "cache_creation_input_tokens")
                  + Json.number(usage, "cache_read_input_tokens"),
              Json.number(usage, "output_tokens"));
      boolean byAgent = !subtype.isEmpty() && !subtype.equals("success");
      if (byAgent || Json.isTrue(result, "is_error") || UsageLimits.isNotice(text)) {
        String words = text.isEmpty() ? subtype.replace('_', ' ') : text;
        trouble =
            Optional.of(
                new Trouble(words, (int) Json.number(result, "api_error_status"), byAgent, limit));
      } else {
        trouble = Optional.empty();
        answer = Optional.of(text);
      }
    }

    /** One that has used up its allowance may end without a result. */
    @Override
    public Optional<Trouble> trouble() {
      return trouble.isPresent() || answer.isPresent()
          ? trouble
          : limit.map(
              used -> new Trouble("%s limit".formatted(used.kind()), 0, false, Optional.of(used)));
    }
  }
}
