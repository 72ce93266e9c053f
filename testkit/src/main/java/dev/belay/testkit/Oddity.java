package dev.belay.testkit;

/** The replies that are not a response built in advance. */
sealed interface Oddity extends Reply {

  record Echo() implements Oddity {}

  record UpgradeEcho() implements Oddity {}

  record Reset() implements Oddity {}

  record Hang() implements Oddity {}

  record Written(Writing writing) implements Oddity {}

  /** Bytes that need not be HTTP. */
  final class Raw implements Oddity {
    final boolean hangs;
    private final byte[] bytes;

    Raw(byte[] bytes, boolean hangs) {
      this.bytes = bytes.clone();
      this.hangs = hangs;
    }

    byte[] bytes() {
      return bytes;
    }
  }
}
