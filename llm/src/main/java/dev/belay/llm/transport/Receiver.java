package dev.belay.llm.transport;

import dev.belay.llm.provider.Headers;
import java.util.concurrent.CompletionStage;

/** Takes an answer in as it comes. Called on one event loop. */
interface Receiver {

  /** The head came. */
  void head(int status, Headers headers);

  /** More of the body came; complete when there may be more. */
  CompletionStage<Void> chunk(byte[] bytes);

  /** The body ended; complete when the receiver has done with it. */
  CompletionStage<Void> end();

  /** It came to nothing; nothing else follows. */
  void failed(Throwable why);

  /** Whether the body is to be read now. */
  boolean isReading();

  /** Whether the first token, or whatever stands for it, has come. */
  boolean hasBegun();

  /** Whether something has come that cannot be taken back. */
  boolean hasContent();

  /** Whether nothing more is needed, even if the body has not ended. */
  boolean isDone();
}
