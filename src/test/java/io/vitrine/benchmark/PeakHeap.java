package io.vitrine.benchmark;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The most heap that another Java process has used, garbage included. */
final class PeakHeap implements AutoCloseable {
  private static final double MIB = 1 << 20;

  private final JMXConnector connector;
  private final List<MemoryPoolMXBean> pools;

  /** Counts from now on. */
  @SuppressWarnings("BanJNDI") // The process belongs to the benchmark.
  PeakHeap(ProcessHandle process) throws Exception {
    var machine = VirtualMachine.attach(String.valueOf(process.pid()));
    var url = new JMXServiceURL(machine.startLocalManagementAgent());
    machine.detach();
    connector = JMXConnectorFactory.connect(url);
    pools =
        ManagementFactory.getPlatformMXBeans(
                connector.getMBeanServerConnection(), MemoryPoolMXBean.class)
            .stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    pools.forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** The sum of all pools, which may have had their peaks at different times. */
  double mib() {
    return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / MIB;
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
