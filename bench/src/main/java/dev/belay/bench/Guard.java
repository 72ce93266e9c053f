package dev.belay.bench;

import java.util.concurrent.Callable;

/** One library, set up one way; all threads of a measurement share it. */
@FunctionalInterface
interface Guard {

  /** The work as a caller of the library would call it, made once for each thread. */
  Callable<Object> around(Callable<Object> work);
}
