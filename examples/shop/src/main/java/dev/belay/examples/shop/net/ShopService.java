package dev.belay.examples.shop.net;

import dev.belay.Time;
import dev.belay.examples.shop.Planted;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One service of the shop as a program: {@code ShopService pricing port=9001 journal=/tmp/shop
 * defects=all promo=http://127.0.0.1:9101 tax=http://127.0.0.1:9102}; with {@code
 * tax.through=http://127.0.0.1:8118} it calls tax through that proxy. Prints where it listens, and
 * ends with its input, so that nothing is left when whoever started it is gone.
 */
public final class ShopService {
  /** Ends the name of a peer in the word that says through which proxy it is called. */
  static final String THROUGH = ".through";

  private ShopService() {}

  /** Serves until the input ends, or the process is told to end. */
  public static void main(String[] arguments) throws IOException {
    try (ShopServer server =
        ShopServer.start(settings(List.of(arguments)), Time.system(), new Random())) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      System.out.printf("%s listens on http://127.0.0.1:%d%n", arguments[0], server.port());
      while (System.in.read() >= 0) {
        // whoever started it holds the other end
      }
    }
  }

  /**
   * What the arguments say.
   *
   * @throws IllegalArgumentException if they say it in a wrong way
   */
  static ShopServer.Settings settings(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException(
          "SERVICE [port=N] [journal=FOLDER] [defects=all|none|A,B] [PEER=http://HOST:PORT ...]"
              + " [PEER.through=http://HOST:PORT ...]");
    }
    Map<String, String> words = new HashMap<>();
    for (String argument : arguments.subList(1, arguments.size())) {
      int middle = argument.indexOf('=');
      if (middle < 1) {
        throw new IllegalArgumentException("arguments must be NAME=VALUE, one was " + argument);
      }
      words.put(argument.substring(0, middle), argument.substring(middle + 1));
    }
    int port = Integer.parseInt(take(words, "port", "0"));
    Path journal = Path.of(take(words, "journal", "."));
    Set<Planted> defects = defects(take(words, "defects", "none"));
    Map<String, URI> peers = new HashMap<>();
    Map<String, URI> through = new HashMap<>();
    words.forEach((name, address) -> {
      if (name.endsWith(THROUGH)) {
        through.put(name.substring(0, name.length() - THROUGH.length()), URI.create(address));
      } else {
        peers.put(name, URI.create(address));
      }
    });
    return new ShopServer.Settings(arguments.getFirst(), port, peers, through, defects, journal);
  }

  private static String take(Map<String, String> words, String name, String otherwise) {
    String found = words.remove(name);
    return found == null ? otherwise : found;
  }

  private static Set<Planted> defects(String text) {
    return switch (text) {
      case "all" -> EnumSet.allOf(Planted.class);
      case "none" -> Set.of();
      default -> Set.copyOf(Arrays.stream(text.split(",")).map(Planted::valueOf).toList());
    };
  }
}
