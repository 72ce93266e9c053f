package dev.belay.llm.call;

import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.budget.Shortage;
import org.jspecify.annotations.Nullable;

/** Why one attempt came to nothing. */
sealed interface Trouble {
  /** For people. */
  String words();

  /** What was thrown; null if nothing was. */
  default @Nullable Throwable cause() {
    return null;
  }

  /** The provider, or the way to it. */
  record Told(ProviderError error) implements Trouble {
    @Override
    public String words() {
      return String.valueOf(cause().getMessage());
    }

    @Override
    public ProviderException cause() {
      return new ProviderException(error);
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

    @Override
    public Throwable cause() {
      return failure;
    }
  }
}
