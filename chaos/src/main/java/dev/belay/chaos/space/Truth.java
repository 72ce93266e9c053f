package dev.belay.chaos.space;

/** Of a condition at a point: it may also ask for what is not there. */
enum Truth {
  FALSE,
  UNKNOWN,
  TRUE;

  static Truth of(boolean isTrue) {
    return isTrue ? TRUE : FALSE;
  }

  Truth not() {
    return switch (this) {
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case TRUE -> FALSE;
    };
  }
}
