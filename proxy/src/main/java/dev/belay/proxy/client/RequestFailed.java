package dev.belay.proxy.client;

import dev.belay.CallReport;
import dev.belay.ErrorClass;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No attempt brought a whole response. The cause is what the last one met. */
public final class RequestFailed extends ProxyClientException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient CallReport report;
  private final ErrorClass errorClass;

  RequestFailed(
      CallReport report, ErrorClass errorClass, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.report = report;
    this.errorClass = errorClass;
  }

  /** Each attempt, and why there was no other. */
  public CallReport report() {
    return report;
  }

  /** What went wrong with the last attempt. */
  public ErrorClass errorClass() {
    return errorClass;
  }
}
