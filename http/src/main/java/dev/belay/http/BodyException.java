package dev.belay.http;

/** A body that cannot be had (again): it broke off, was closed, or is one-shot and gone. */
public final class BodyException extends WireException {
  private static final long serialVersionUID = 1;

  BodyException(String message) {
    super(message, null);
  }
}
