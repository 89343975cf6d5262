package ai.rtvi.bench

import com.sun.management.OperatingSystemMXBean
import java.io.File
import java.lang.management.ManagementFactory

/** Prints one figure as a line of JSON, as `cargo xtask bench` reads it. */
internal fun figure(name: String, value: Double, unit: String, goal: Double? = null, better: String = "lower") =
    println("""{"name":"$name","value":$value,"unit":"$unit","goal":$goal,"better":"$better"}""")

/** The middle one of the values. */
internal fun median(values: List<Double>): Double = values.sorted()[values.size / 2]

/** Seconds. */
internal object Clock {
    private val process = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
    private val threads = ManagementFactory.getThreadMXBean()

    /** Since some moment. */
    val elapsed: Double get() = System.nanoTime() / 1e9

    /** That all threads of the process have worked, user and system, those of the compiler included; in steps of 10 ms. */
    val cpu: Double get() = process.processCpuTime / 1e9

    /** That the calling thread has worked. */
    val threadCpu: Double get() = threads.currentThreadCpuTime / 1e9
}

/** The most memory that was resident at any time, in megabytes (10⁶ bytes); nothing where the system does not say. */
internal fun peakMegabytes(): Double? {
    val status = File("/proc/self/status").takeIf(File::exists)?.readLines().orEmpty()
    return status.find { it.startsWith("VmHWM:") }?.filter(Char::isDigit)?.let { it.toDouble() * 1024 / 1e6 }
}
