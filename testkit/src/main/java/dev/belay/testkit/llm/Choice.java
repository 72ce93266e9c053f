package dev.belay.testkit.llm;

import java.util.List;
import java.util.Optional;

/** One of the answers in a completion; a text that is empty is said as null, or not at all. */
record Choice(
    Optional<String> text, List<ToolCall> calls, Optional<String> refusal, Finish finish) {

  Choice {
    calls = List.copyOf(calls);
  }

  static Choice text(String text) {
    return new Choice(Optional.of(text), List.of(), Optional.empty(), Finish.STOP);
  }

  Choice finish(Finish other) {
    return new Choice(text, calls, refusal, other);
  }

  /** All the text that tokens are counted of. */
  int chars() {
    return text.map(String::length).orElse(0)
        + refusal.map(String::length).orElse(0)
        + calls.stream().mapToInt(call -> call.name().length() + call.arguments().length()).sum();
  }
}
