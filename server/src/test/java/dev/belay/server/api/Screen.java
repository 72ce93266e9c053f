package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The system's Chromium with one page in it. Notes every error of the page, and whatever it tried
 * to load from elsewhere.
 */
final class Screen implements AutoCloseable {
  private static final Path SHOTS = Path.of("target", "screenshots");

  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();
  private final String home;

  private Screen(BrowserContext context, String home) {
    this.context = context;
    this.home = home;
    context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
    this.page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> {
      boolean csp = message.text().contains("Content Security Policy");
      if (csp || message.text().contains("TrustedHTML")) {
        complaints.add(message.text());
      }
    });
    page.onRequest(request -> {
      if (!request.url().startsWith(home)) {
        complaints.add("asked for " + request.url());
      }
    });
  }

  static Screen open(Browser browser, Api api) {
    return open(browser, api, new Browser.NewContextOptions().setViewportSize(1440, 1000));
  }

  static Screen dark(Browser browser, Api api) {
    return open(
        browser,
        api,
        new Browser.NewContextOptions()
            .setViewportSize(1440, 1000)
            .setColorScheme(ColorScheme.DARK));
  }

  static Screen phone(Browser browser, Api api) {
    return open(
        browser,
        api,
        new Browser.NewContextOptions()
            .setViewportSize(390, 844)
            .setHasTouch(true)
            .setIsMobile(true));
  }

  private static Screen open(Browser browser, Api api, Browser.NewContextOptions options) {
    return new Screen(browser.newContext(options), api.server().control() + "/");
  }

  /** Loads the page. */
  Screen go() {
    page.navigate(home);
    return this;
  }

  Page page() {
    return page;
  }

  Locator at(String selector) {
    return page.locator(selector);
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator row(String text) {
    return at("#pool tbody tr").filter(new Locator.FilterOptions().setHasText(text));
  }

  /** Everything the page shows and holds. */
  String everything() {
    return page.content()
        + page.evaluate(
            "[...document.querySelectorAll('input, textarea')].map(i => i.value).join('\\n')")
        + page.evaluate("JSON.stringify([localStorage, location.href, document.cookie])");
  }

  /** Writes down what it looks like now, the whole length of it. */
  void shoot(String name) {
    shoot(page, name);
  }

  /** The same of a page that is no screen's. */
  static void shoot(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")).setFullPage(true));
  }

  /** Fails if the page had an error, asked elsewhere for anything, or shows a secret. */
  @Override
  public void close() {
    try {
      Api.checkSecrets(everything());
      assertThat(complaints).isEmpty();
    } finally {
      context.close();
    }
  }
}
