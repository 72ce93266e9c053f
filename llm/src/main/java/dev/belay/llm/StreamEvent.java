package dev.belay.llm;

/** A piece of an answer that comes as a stream. */
public sealed interface StreamEvent {

  /** More text. */
  record Text(String delta) implements StreamEvent {}

  /**
   * More of a tool call.
   *
   * @param index which call, counted from 0
   * @param id with the first piece; empty later
   * @param name with the first piece; empty later
   * @param arguments more of its arguments
   */
  record ToolCall(int index, String id, String name, String arguments) implements StreamEvent {}

  /** The model thinks aloud; not part of the answer. */
  record Reasoning(String delta) implements StreamEvent {}

  /** The last one: the whole answer. */
  record End(LlmResponse response) implements StreamEvent {}
}
