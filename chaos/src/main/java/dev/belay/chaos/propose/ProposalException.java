package dev.belay.chaos.propose;

import java.io.Serial;

/** Nothing can be proposed, or a trial cannot be recorded; the message says why. */
public final class ProposalException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ProposalException(String message) {
    super(message);
  }

  ProposalException(String message, Throwable cause) {
    super(message, cause);
  }
}
