namespace Sagitta.Experiments.Landscapes;

/// <summary>Measures several quantities of a network at any parameters, on fixed data; points of a grid or of a path are measured at the
/// same time by several workers.</summary>
internal interface IProbe
{
    /// <summary>What is measured, in the order of the values.</summary>
    IReadOnlyList<string> Quantities { get; }

    /// <summary>Measures at a flat parameter vector.</summary>
    /// <param name="worker">Number of the thread: it chooses scratch memory and nothing else.</param>
    /// <param name="parameters">The vector.</param>
    /// <param name="values">Receives one value for each quantity.</param>
    void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values);
}
