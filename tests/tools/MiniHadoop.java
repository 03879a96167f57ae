import java.io.File;
import java.io.FileOutputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS and, when asked for, YARN in one process. Arguments: a folder, the port of the name node, and "yarn". Ports: the name
 * node's PORT, its web interface PORT + 1; YARN's resource manager PORT + 2 .. PORT + 5, its web interface PORT + 6. Writes
 * core-site.xml and yarn-site.xml into FOLDER/conf, says "ready", and ends with its input.
 */
public class MiniHadoop {
    private static final String HOST = "127.0.0.1";

    private static void address(Configuration c, String key, int port) {
        c.set(key, HOST + ":" + port);
    }

    private static MiniYARNCluster startYarn(Configuration base, int port) {
        YarnConfiguration c = new YarnConfiguration(base);
        c.setBoolean(YarnConfiguration.YARN_MINICLUSTER_FIXED_PORTS, true);
        address(c, YarnConfiguration.RM_ADDRESS, port + 2);
        address(c, YarnConfiguration.RM_SCHEDULER_ADDRESS, port + 3);
        address(c, YarnConfiguration.RM_RESOURCE_TRACKER_ADDRESS, port + 4);
        address(c, YarnConfiguration.RM_ADMIN_ADDRESS, port + 5);
        address(c, YarnConfiguration.RM_WEBAPP_ADDRESS, port + 6);
        c.set(YarnConfiguration.RM_HOSTNAME, HOST);
        c.setInt("yarn.scheduler.minimum-allocation-mb", 128);
        c.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", 2560);
        c.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 1.0f);
        c.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
        c.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
        c.setFloat("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 99.5f);
        MiniYARNCluster yarn = new MiniYARNCluster("mini", 1, 1, 1);
        yarn.init(c);
        yarn.start();
        return yarn;
    }

    private static void write(Configuration c, File folder, String name) throws Exception {
        // a class of the mini cluster's own, which no client has
        c.set("net.topology.node.switch.mapping.impl", "org.apache.hadoop.net.ScriptBasedMapping");
        try (OutputStream out = new FileOutputStream(new File(folder, name))) {
            c.writeXml(out);
        }
    }

    public static void main(String[] args) throws Exception {
        File base = new File(args[0]);
        int port = Integer.parseInt(args[1]);
        boolean withYarn = args.length > 2 && args[2].equals("yarn");
        File conf = new File(base, "conf");
        conf.mkdirs();
        Configuration c = new Configuration();
        c.set("hadoop.proxyuser.root.hosts", "*");
        MiniDFSCluster dfs = new MiniDFSCluster.Builder(c, new File(base, "dfs"))
                .nameNodePort(port).nameNodeHttpPort(port + 1).numDataNodes(1).format(true).build();
        dfs.waitActive();
        MiniYARNCluster yarn = withYarn ? startYarn(c, port) : null;
        write(new Configuration(dfs.getConfiguration(0)), conf, "core-site.xml");
        if (yarn != null) {
            write(new Configuration(yarn.getConfig()), conf, "yarn-site.xml");
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until whoever started this closes its end
        }
        System.exit(0);
    }
}
