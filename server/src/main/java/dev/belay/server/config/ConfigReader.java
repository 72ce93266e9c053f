package dev.belay.server.config;

import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.server.config.BelayConfig.Budget;
import dev.belay.server.config.BelayConfig.Control;
import dev.belay.server.config.BelayConfig.Proxy;
import dev.belay.server.config.BelayConfig.Store;
import dev.belay.settings.Section;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole configuration. */
final class ConfigReader {
  private static final List<String> PRESETS =
      RetryPolicy.presets().stream().map(RetryPolicy::name).toList();

  private ConfigReader() {}

  static BelayConfig read(String text, String name, Map<String, String> environment) {
    Source source = new Source(name, environment);
    Section root = new Section(source, "", YamlTree.read(source, text));
    Section controlSection = root.section("control");
    Control control = ControlReader.control(controlSection);
    Section storeSection = root.section("store");
    RetryPolicy retry = retry(root.section("retry"));
    Section breakerSection = root.section("circuit_breaker");
    // what a restart does to breakers is a matter of the store, wherever people look for it
    Store store = ControlReader.store(storeSection, breakerSection.yesNo("warm_start", false));
    BreakerPolicy breaker = BreakerReader.read(breakerSection, BreakerPolicy.DEFAULT);
    Budget budget = ControlReader.budget(root.section("budget"));
    Map<String, RetryPolicy> policies = policies(root.section("policies"), retry);
    Section proxySection = root.section("proxy");
    Proxy proxy = ProxyReader.read(proxySection, policies);
    Section llmSection = root.section("llm");
    LlmConfig llm = LlmReader.read(llmSection, policies);
    FlowConfig flow = FlowReader.read(root.section("flow"));
    Section chaosSection = root.section("chaos");
    ChaosConfig chaos = ChaosReader.read(chaosSection);
    root.close();
    PortClash.check(
        new PortClash.Port(controlSection, "port", control.port()),
        new PortClash.Port(proxySection, "port", proxy.settings().listen().port()),
        new PortClash.Port(proxySection, "socks_port", proxy.settings().listen().socksPort()),
        new PortClash.Port(llmSection, "port", llm.isOn() ? llm.gateway().port() : 0),
        new PortClash.Port(chaosSection, "traces_port", chaos.tracesPort().orElse(0)));
    source.check();
    return new BelayConfig(control, store, breaker, budget, policies, proxy, llm, flow, chaos);
  }

  private static RetryPolicy retry(Section section) {
    RetryPolicy retry = RetryReader.read(section, "default", RetryPolicy.DEFAULT);
    section.close();
    return retry;
  }

  private static Map<String, RetryPolicy> policies(Section section, RetryPolicy retry) {
    Map<String, RetryPolicy> policies = new LinkedHashMap<>();
    RetryPolicy.presets().forEach(preset -> policies.put(preset.name(), preset));
    policies.put(retry.name(), retry);
    for (String name : section.keys()) {
      if (PRESETS.contains(name)) {
        section.wrong(
            name,
            name.equals("default")
                ? "is what retry: says; write its keys there"
                : "comes with Belay; choose another name, and start it with preset: " + name);
      } else if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        section.wrong(
            name, "a policy's name must be 1 to 64 letters, digits, dots, underscores or hyphens");
      } else {
        policies.put(name, policy(section.section(name), name, retry));
      }
    }
    return policies;
  }

  private static RetryPolicy policy(Section section, String name, RetryPolicy retry) {
    String preset = section.oneOf("preset", PRESETS, retry.name());
    RetryPolicy from =
        RetryPolicy.presets().stream()
            .filter(policy -> policy.name().equals(preset) && !preset.equals(retry.name()))
            .findFirst()
            .orElse(retry);
    RetryPolicy policy = RetryReader.read(section, name, from);
    section.close();
    return policy;
  }
}
