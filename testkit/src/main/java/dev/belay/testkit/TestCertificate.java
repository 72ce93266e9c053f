package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A self-signed certificate for {@code localhost} and {@code 127.0.0.1}, made by the JDK's {@code
 * keytool} and valid for ten days. Making one takes about a second: keep it for a whole test class.
 * Safe for any number of threads.
 *
 * <pre>{@code
 * try (TestCertificate certificate = TestCertificate.generate("origin.test");
 *     FaultyOrigin origin = FaultyOrigin.startTls(certificate, Script.of(Reply.ok("hello")))) {
 *   HttpClient client = HttpClient.newBuilder().sslContext(certificate.clientContext()).build();
 *   // or: curl --cacert ${certificate.pem()} ...
 * }
 * }</pre>
 */
public final class TestCertificate implements AutoCloseable {
  private static final String ALIAS = "testkit";
  private static final char[] PASSWORD = "belay-testkit".toCharArray();
  private static final int KEYTOOL_SECONDS = 60;

  private final Path directory;
  private final KeyStore keys;
  private final Certificate certificate;

  private TestCertificate(Path directory, KeyStore keys, Certificate certificate) {
    this.directory = directory;
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Makes one in a new temporary directory.
   *
   * @param names further DNS names that it is good for
   * @throws IOException when keytool fails
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public static TestCertificate generate(String... names) throws IOException, InterruptedException {
    for (String name : names) {
      Check.that(name.matches("[A-Za-z0-9*.-]+"), "not a DNS name: '%s'", name);
    }
    Path directory = Files.createTempDirectory("belay-testkit");
    try {
      Path store = directory.resolve("keys.p12");
      keytool(store, directory.resolve("keytool.log"), names);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD);
      }
      Certificate certificate = keys.getCertificate(ALIAS);
      String encoded =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      Files.writeString(
          directory.resolve("certificate.pem"),
          "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n",
          US_ASCII);
      return new TestCertificate(directory, keys, certificate);
    } catch (GeneralSecurityException e) {
      delete(directory);
      throw new IOException("cannot read what keytool made", e);
    } catch (IOException | InterruptedException e) {
      delete(directory);
      throw e;
    }
  }

  private static void keytool(Path store, Path log, String... names)
      throws IOException, InterruptedException {
    StringBuilder alternatives = new StringBuilder("SAN=dns:localhost,ip:127.0.0.1");
    for (String name : names) {
      alternatives.append(",dns:").append(name);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-dname", "CN=localhost", "-validity", "10", "-startdate", "-1d"));
    command.addAll(List.of("-ext", alternatives.toString(), "-ext", "BC=ca:true"));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + Files.readString(log, UTF_8).strip());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** The certificate as a PEM file, which exists until {@link #close}. */
  public Path pem() {
    return directory.resolve("certificate.pem");
  }

  /** A new trust store that trusts this certificate alone. */
  public KeyStore trustStore() {
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry(ALIAS, certificate);
      return trust;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK cannot make a trust store", e);
    }
  }

  /** A TLS context for a client that trusts this certificate alone. */
  public SSLContext clientContext() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trustStore());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot make a TLS context", e);
    }
  }

  /** The key manager of a server that shows this certificate. */
  public X509ExtendedKeyManager keyManager() {
    try {
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, PASSWORD);
      return (X509ExtendedKeyManager) own.getKeyManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot make a key manager", e);
    }
  }

  /** A TLS context for a server that shows this certificate. */
  public SSLContext serverContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keyManager()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot make a TLS context", e);
    }
  }

  /** Deletes the files; contexts and stores that were handed out go on working. */
  @Override
  public void close() {
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }

  private static void delete(Path directory) throws IOException {
    for (String file : List.of("keys.p12", "keytool.log", "certificate.pem")) {
      Files.deleteIfExists(directory.resolve(file));
    }
    Files.deleteIfExists(directory);
  }
}
