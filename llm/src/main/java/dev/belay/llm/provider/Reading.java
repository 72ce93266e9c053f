package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmResponse;

/** What a provider's words turned out to be. */
public sealed interface Reading {

  /** An answer. */
  record Answered(LlmResponse response) implements Reading {
    /** Rejects null. */
    public Answered {
      requireNonNull(response, "response");
    }
  }

  /** An error, said in the provider's own words. */
  record Refused(WireError error) implements Reading {
    /** Rejects null. */
    public Refused {
      requireNonNull(error, "error");
    }
  }

  /**
   * No words of this protocol.
   *
   * @param why what was expected, with an excerpt of what came
   */
  record Garbled(String why) implements Reading {
    /** Rejects null. */
    public Garbled {
      requireNonNull(why, "why");
    }
  }
}
