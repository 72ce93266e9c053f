package dev.belay.llm.call;

import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.budget.Shortage;

/** Why one attempt came to nothing. */
sealed interface Trouble {
  /** For people. */
  String words();

  /** The provider, or the way to it. */
  record Told(ProviderError error) implements Trouble {
    @Override
    public String words() {
      return String.valueOf(new ProviderException(error).getMessage());
    }
  }

  /** The budget. */
  record TooDear(Shortage shortage) implements Trouble {
    @Override
    public String words() {
      return shortage.why();
    }
  }

  /** Something else: a bug, a listener, a request that cannot be written. */
  record Other(RuntimeException failure) implements Trouble {
    @Override
    public String words() {
      return failure.toString();
    }
  }
}
