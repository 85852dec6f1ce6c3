namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>What <see cref="CircleDescent{TLanes, TSystem}"/> minimises for a group of events: a sum of squares over planes, independent or
/// correlated.</summary>
internal interface ICircleSystem<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    /// <summary>z of the last plane, mm.</summary>
    double LastZ { get; }

    /// <summary>Where the descent begins in the lanes that are fitted, and the sums there.</summary>
    CircleLanes<TLanes> Begin(TLanes fitted, out NormalEquations<TLanes> sums);

    /// <summary>Half of S, of its gradient and of its Gauss-Newton Hessian; NaN in the value where a circle does not reach a
    /// plane.</summary>
    void Evaluate(in CircleLanes<TLanes> circle, out NormalEquations<TLanes> sums);

    /// <summary>Adds what makes the matrix half of the exact Hessian.</summary>
    void AddResidualCurvature(in CircleLanes<TLanes> circle, ref NormalEquations<TLanes> sums);

    /// <summary>Half of the sum that S would be if its residuals were as large as the terms whose differences they are: what rounding acts
    /// on.</summary>
    TLanes Magnitude(in CircleLanes<TLanes> circle);
}
