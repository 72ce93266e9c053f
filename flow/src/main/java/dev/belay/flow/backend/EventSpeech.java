package dev.belay.flow.backend;

import dev.belay.flow.Spend;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What an agent says by an object on each line; any other line is for people. For one thread. */
abstract class EventSpeech implements Speech {
  final Told told;
  Optional<String> answer = Optional.empty();
  Optional<Trouble> trouble = Optional.empty();
  Spend spend = Spend.NONE;

  private final AgentListener listener;
  private Optional<String> session = Optional.empty();

  EventSpeech(AgentListener listener) {
    this.listener = listener;
    this.told = new Told(listener);
  }

  /** Takes an object. */
  abstract void event(JsonNode event);

  @Override
  public final void line(String line) {
    Json.object(line).ifPresentOrElse(this::event, () -> told.line(line));
  }

  /** Learns by which the conversation can be carried on; empty for nothing new. */
  final void meet(String id) {
    if (!id.isEmpty() && !session.equals(Optional.of(id))) {
      session = Optional.of(id);
      listener.session(id);
    }
  }

  @Override
  public final Optional<String> answer() {
    return answer;
  }

  @Override
  public Optional<Trouble> trouble() {
    return trouble;
  }

  @Override
  public final Optional<String> session() {
    return session;
  }

  @Override
  public final Spend spend() {
    return spend;
  }
}
