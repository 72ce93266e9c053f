package dev.belay.llm.transport;

import dev.belay.llm.provider.Headers;
import java.util.concurrent.CompletionStage;

/**
 * An answer that is passed on as it comes: its head is here, its body follows. Whoever has one must
 * either drain or cancel it.
 */
public interface RawAnswer {

  /** Of HTTP; errors too come this way. */
  int status();

  /** All but those of the connection. */
  Headers headers();

  /**
   * Reads the body, in the pieces in which it arrives. May be called once.
   *
   * @return complete when all of it went to the sink; fails with {@link
   *     dev.belay.llm.ProviderException} if it breaks off or a limit is met
   */
  CompletionStage<Void> drainTo(ByteSink sink);

  /** Closes the request; harmless when it is over. */
  void cancel();
}
