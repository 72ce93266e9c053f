package dev.belay.flow.backend;

import dev.belay.flow.Spend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Codex, by its JSON lines. It chooses the id of a conversation itself. */
final class Codex implements Dialect {

  @Override
  public String program() {
    return "codex";
  }

  @Override
  public String install() {
    return "install it by npm install -g @openai/codex";
  }

  @Override
  public String login() {
    return "log in by codex login";
  }

  @Override
  public Conversation fresh() {
    return new Conversation(Optional.empty(), false);
  }

  @Override
  public List<String> arguments(
      AgentCall call, Conversation conversation, Optional<String> model, List<String> more) {
    List<String> words = new ArrayList<>(List.of("exec"));
    if (conversation.exists()) {
      words.add("resume");
    }
    words.add("--json");
    model.ifPresent(name -> words.addAll(List.of("-m", name)));
    words.addAll(more);
    if (conversation.exists()) {
      conversation.id().ifPresent(words::add);
    }
    words.add("-");
    return words;
  }

  /** It has no argument for standing instructions. */
  @Override
  public String input(AgentCall call) {
    return call.system().map(system -> system + "\n\n" + call.prompt()).orElse(call.prompt());
  }

  @Override
  public Speech speech(AgentListener listener) {
    return new Events(listener);
  }

  private static final class Events extends EventSpeech {
    private Events(AgentListener listener) {
      super(listener);
    }

    @Override
    void event(JsonNode event) {
      switch (Json.text(event, "type")) {
        case "thread.started" -> meet(Json.text(event, "thread_id"));
        case "item.completed" -> item(event.path("item"));
        case "turn.completed" -> completed(event.path("usage"));
        case "turn.failed" -> failed(event.path("error"));
        // it also tells so of what it tries again: what comes after decides
        case "error" -> failed(event);
        default -> {
          // others are made from time to time, and need not be understood
        }
      }
    }

    private void item(JsonNode item) {
      String type = Json.text(item, "type");
      switch (type.isEmpty() ? Json.text(item, "item_type") : type) {
        case "agent_message", "assistant_message" -> {
          answer = Optional.of(Json.text(item, "text"));
          told.text(answer.get());
        }
        case "command_execution" -> told.line("$ " + Json.text(item, "command"));
        default -> {
          // thoughts and the like are not for people
        }
      }
    }

    private void completed(JsonNode usage) {
      trouble = Optional.empty();
      answer = answer.or(() -> Optional.of(""));
      spend =
          spend.plus(
              new Spend(
                  0, Json.number(usage, "input_tokens"), Json.number(usage, "output_tokens")));
    }

    private void failed(JsonNode error) {
      String words = Json.text(error, "message");
      trouble =
          Optional.of(
              new Trouble(
                  words.isEmpty() ? error.toString() : words,
                  (int) Json.number(error, "status"),
                  false,
                  Optional.empty()));
    }
  }
}
