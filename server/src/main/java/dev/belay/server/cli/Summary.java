package dev.belay.server.cli;

import dev.belay.proxy.ProxySettings;
import dev.belay.server.config.BelayConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration in a few words. */
final class Summary {
  private Summary() {}

  static Map<String, Object> of(BelayConfig config) {
    BelayConfig.Control control = config.control();
    ProxySettings proxy = config.proxy().settings();
    ProxySettings.Listen listen = proxy.listen();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("control", place(control.host(), control.port()));
    summary.put("control_token", !control.token().isEmpty());
    summary.put("store", config.store().kind());
    summary.put("policies", List.copyOf(config.policies().keySet()));
    summary.put("proxy", place(listen.host(), listen.port()));
    summary.put("socks", place(listen.host(), listen.socksPort()));
    summary.put("users", proxy.access().users().size());
    summary.put("allow_private", proxy.access().allowPrivate());
    summary.put("strategy", config.proxy().choice().strategy());
    summary.put("pool", config.proxy().pool().size());
    return summary;
  }

  private static String place(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
