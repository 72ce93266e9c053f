package dev.belay.server.cli.proxy;

import dev.belay.http.ProxyAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads proxies from a command line. */
final class Addresses {
  private Addresses() {}

  /**
   * Each once, in order; one without a scheme is an HTTP proxy.
   *
   * @throws ParameterException that shows no secret, if one is none
   */
  static List<ProxyAddress> read(CommandSpec verb, List<String> urls) {
    Map<String, ProxyAddress> read = new LinkedHashMap<>();
    for (String url : urls) {
      try {
        ProxyAddress address = ProxyAddress.parse(url.contains("://") ? url : "http://" + url);
        read.putIfAbsent(address.id(), address);
      } catch (IllegalArgumentException wrong) {
        throw new ParameterException(verb.commandLine(), String.valueOf(wrong.getMessage()));
      }
    }
    return List.copyOf(read.values());
  }
}
