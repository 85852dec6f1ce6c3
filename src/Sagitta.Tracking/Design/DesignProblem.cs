namespace Sagitta.Tracking.Design;

/// <summary>What of a detector may change, and how good it is: a number that is to become small, with its gradient.</summary>
internal abstract class DesignProblem
{
    /// <summary>How many numbers may change.</summary>
    public abstract int Count { get; }

    /// <summary>A step that changes no number by more than this is none.</summary>
    public abstract double Resolution { get; }

    /// <summary>The objective at some values, infinite where tracks do not reach the planes, and its gradient.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> values, Span<double> gradient);

    /// <summary>Moves values to the nearest that are allowed.</summary>
    public abstract void Project(Span<double> values);
}
