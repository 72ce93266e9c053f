package dev.belay.server.cli.flow;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a person means by Ctrl-C: the first time to stop in good order, the second time to stop at
 * once. Where the system has no signals, the first is the only one.
 */
final class Interrupts {
  private static final int KILLED = 130;

  private Interrupts() {}

  /**
   * From now on the first interrupt, or a wish to end, runs {@code stop}, on a thread of its own;
   * the next ends the process, and all programs that it has started.
   */
  static void first(Runnable stop) {
    AtomicInteger count = new AtomicInteger();
    Runnable told =
        () -> {
          if (count.incrementAndGet() == 1) {
            Thread.ofPlatform().name("belay-stop").start(stop);
          } else {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(KILLED);
          }
        };
    handle("INT", told);
    handle("TERM", told);
  }

  /** By reflection: the class is there in every JDK and in no standard. */
  private static void handle(String name, Runnable told) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  told.run();
                }
                return switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" ->
                      System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                  case "toString" -> "interrupts";
                  default -> null;
                };
              });
      var unused =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException | RuntimeException none) {
      Runtime.getRuntime().addShutdownHook(new Thread(told, "belay-interrupt"));
    }
  }
}
