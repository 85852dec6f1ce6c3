namespace Sagitta.Experiments.Benchmarks;

/// <summary>One kernel held against the roofs of the machine.</summary>
/// <param name="Name">Kernel and shape.</param>
/// <param name="Operations">Floating-point operations it must do; a multiply-add counts 2.</param>
/// <param name="Bytes">Bytes it must move from and to memory; 0 where its operands stay in cache.</param>
/// <param name="Time">What was measured, one core.</param>
/// <param name="LeastSeconds">What operations and bytes take at the measured peaks.</param>
internal sealed record KernelMeasurement(string Name, double Operations, double Bytes, Timing Time, double LeastSeconds)
{
    /// <summary>1e9 operations a second, of the fastest sample.</summary>
    public double Gigaflops => Operations / Time.Fastest / 1e9;

    /// <summary>The share of the attainable speed that was reached, of the fastest sample.</summary>
    public double Ratio => LeastSeconds / Time.Fastest;
}
