using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>
/// Levenberg-Marquardt over lanes: Gauss-Newton steps on the circle's exact derivatives, which the small residual curvature makes converge
/// by several digits a step, then Newton's for groups in which an outlier makes it large; a step that would raise S beyond rounding is
/// refused for its lane and damped. A group ends when its last lane has.
/// </summary>
internal static class CircleDescent<TLanes, TSystem>
    where TLanes : unmanaged, ILanes<TLanes, double>
    where TSystem : struct, ICircleSystem<TLanes>
{
    // Steps after which a group that has not ended, usually for an outlier, goes on with the exact Hessian.
    private const int GaussNewtonSteps = 6;

    // Sine of 30 degrees: a muon of 3 GeV does not reach it within the planes.
    private const double SteepSine = 0.5;

    // Unit roundoff squared times a margin: the decrement squared below which the gradient is made of rounding.
    private const double Rounding = 16 * 1.2e-32;

    /// <summary>Minimises S for one group of events; lanes beyond those in <paramref name="fitted"/> are ignored.</summary>
    /// <param name="system">S of the group.</param>
    /// <param name="fitted">Mask of the lanes to be fitted.</param>
    /// <param name="maximumSteps">Steps before a lane is given up.</param>
    /// <param name="singularPivot">Smallest relative pivot at the solution.</param>
    /// <param name="statuses">One code of <see cref="SolveStatus"/> a lane, for the fitted ones.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe CircleLanes<TLanes> Minimise(
        in TSystem system, TLanes fitted, int maximumSteps, double singularPivot, double* statuses)
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes infinity = TLanes.Broadcast(double.PositiveInfinity);
        TLanes largestDamping = TLanes.Broadcast(1e20);
        CircleLanes<TLanes> circle = system.Begin(fitted, out NormalEquations<TLanes> at);

        // How large the terms are whose differences are residuals: what their rounding does to S and to the decrement follows.
        TLanes scale = system.Magnitude(circle);
        TLanes floor = TLanes.Broadcast(Rounding) * scale;
        TLanes damping = zero;
        TLanes previous = infinity;
        TLanes status = TLanes.Broadcast((double)SolveStatus.NotConverged);
        TLanes active = fitted;
        for (int step = 0; step < maximumSteps && TLanes.Any(active); step++)
        {
            at.Matrix.Damped(damping).Solve(at.G0, at.G1, at.G2, TLanes.Broadcast(1e-15), out TLanes d0, out TLanes d1, out TLanes d2,
                out TLanes positive);
            TLanes decrement = TLanes.FusedMultiplyAdd(at.G0, d0, TLanes.FusedMultiplyAdd(at.G1, d1, at.G2 * d2));

            // A matrix that damping does not make regular is singular; zero damping is raised first.
            TLanes stuck = TLanes.AndNot(active, positive);
            if (TLanes.Any(stuck))
            {
                TLanes hopeless = TLanes.AndNot(stuck, TLanes.LessThan(damping, TLanes.Broadcast(1e6)));
                status = TLanes.Select(hopeless, TLanes.Broadcast((double)SolveStatus.Singular), status);
                active = TLanes.AndNot(active, hopeless);
                damping = TLanes.Select(stuck, Raised(damping), damping);
            }

            TLanes moving = TLanes.And(active, positive);
            CircleLanes<TLanes> trial;
            trial.Y0 = circle.Y0 - d0;
            trial.Slope = circle.Slope - d1;
            trial.Curvature = circle.Curvature - d2;

            // The ratio of two decrements tells the next one: where that is rounding, the step needs no further look.
            TLanes undamped = TLanes.And(moving, TLanes.LessOrEqual(damping, zero));
            TLanes ratio = TLanes.Select(TLanes.LessThan(previous, infinity), decrement / previous, infinity);
            TLanes foreseen = TLanes.LessOrEqual(decrement * ratio * TLanes.Broadcast(4), floor);
            TLanes slow = TLanes.And(TLanes.LessOrEqual(TLanes.Broadcast(0.25) * previous, decrement),
                TLanes.LessOrEqual(decrement, TLanes.Broadcast(1e4) * floor));
            TLanes steady = TLanes.LessThan(ratio, TLanes.Broadcast(1e-2));
            TLanes done = TLanes.And(undamped, TLanes.Or(TLanes.LessOrEqual(decrement, floor),
                TLanes.Or(TLanes.And(foreseen, steady), slow)));
            circle.Take(done, trial);
            status = TLanes.Select(done, zero, status);
            active = TLanes.AndNot(active, done);
            moving = TLanes.AndNot(moving, done);
            if (!TLanes.Any(moving))
            {
                continue;
            }

            system.Evaluate(trial, out NormalEquations<TLanes> next);
            if (step >= GaussNewtonSteps)
            {
                system.AddResidualCurvature(trial, ref next);
            }

            // S resolves no less than the rounding of its residuals.
            TLanes slack = TLanes.Broadcast(8) * TLanes.Sqrt(floor * at.Value) + floor;
            TLanes accepted = TLanes.And(moving, TLanes.LessOrEqual(next.Value, at.Value + slack));
            TLanes refused = TLanes.AndNot(moving, accepted);
            previous = TLanes.Select(accepted, TLanes.Select(TLanes.LessOrEqual(damping, zero), decrement, infinity), previous);
            circle.Take(accepted, trial);
            at.Take(accepted, next);
            TLanes lowered = damping * TLanes.Broadcast(0.1);
            lowered = TLanes.Select(TLanes.LessThan(lowered, TLanes.Broadcast(1e-6)), zero, lowered);
            damping = TLanes.Select(accepted, lowered, TLanes.Select(refused, Raised(damping), damping));
            active = TLanes.AndNot(active, TLanes.LessThan(largestDamping, damping));
        }

        // What still slides when it has become this steep is on its way out of the model's range.
        TLanes end = TLanes.Abs(TLanes.FusedMultiplyAdd(circle.Curvature, TLanes.Broadcast(system.LastZ), circle.Slope));
        TLanes steep = TLanes.LessThan(TLanes.Broadcast(SteepSine),
            TLanes.Select(TLanes.LessThan(end, TLanes.Abs(circle.Slope)), TLanes.Abs(circle.Slope), end));
        TLanes given = TLanes.And(fitted, TLanes.LessOrEqual(TLanes.Broadcast((double)SolveStatus.NotConverged), status));
        status = TLanes.Select(TLanes.And(steep, given), TLanes.Broadcast((double)SolveStatus.OutOfRange), status);
        if (TLanes.Any(given))
        {
            // Damped steps along what nothing measures come to no end: whether the planes determine a circle is asked at a straight track.
            system.Evaluate(new() { Y0 = zero, Slope = zero, Curvature = zero }, out NormalEquations<TLanes> straight);
            at.Matrix.Take(given, straight.Matrix);
        }

        // Whether the measurements determine the solution at all.
        at.Matrix.Solve(at.G0, at.G1, at.G2, TLanes.Broadcast(singularPivot), out _, out _, out _, out TLanes regular);
        TLanes.Store(TLanes.Select(regular, status, TLanes.Broadcast((double)SolveStatus.Singular)), statuses);
        return circle;
    }

    private static TLanes Raised(TLanes damping) =>
        TLanes.Select(TLanes.LessOrEqual(damping, TLanes.Broadcast(0)), TLanes.Broadcast(1e-3), damping * TLanes.Broadcast(10));
}

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

/// <summary>Planes with weights of their own: S = sum w r^2, with a measurement of y at z = 0 where there is a vertex.</summary>
/// <param name="planes">Number of planes.</param>
/// <param name="z">z of each plane, mm.</param>
/// <param name="y">Centroids in lanes, plane after plane, mm.</param>
/// <param name="weights">Presence over sigma squared in lanes.</param>
/// <param name="vertex">Measurement of y at z = 0.</param>
internal readonly unsafe struct IndependentPlanes<TLanes>(int planes, double* z, double* y, double* weights, VertexConstraint vertex)
    : ICircleSystem<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    private readonly int _planes = planes;
    private readonly double* _z = z;
    private readonly double* _y = y;
    private readonly double* _weights = weights;
    private readonly VertexConstraint _vertex = vertex;

    public double LastZ => _z[_planes - 1];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Evaluate(in CircleLanes<TLanes> circle, out NormalEquations<TLanes> sums)
    {
        NormalEquations<TLanes>.Evaluate(_planes, _z, _y, _weights, circle, out sums);
        sums.AddVertex(_vertex, circle);
    }

    public void AddResidualCurvature(in CircleLanes<TLanes> circle, ref NormalEquations<TLanes> sums) =>
        sums.AddResidualCurvature(_planes, _z, _y, _weights, circle);

    public TLanes Magnitude(in CircleLanes<TLanes> circle) => NormalEquations<TLanes>.Magnitude(_planes, _y, _weights, circle);

    // The better seed of each lane. Kasa's circle is only computed where the track is strongly curved or the parabola failed.
    public CircleLanes<TLanes> Begin(TLanes fitted, out NormalEquations<TLanes> sums)
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes infinity = TLanes.Broadcast(double.PositiveInfinity);
        CircleLanes<TLanes> circle = SeedLanes<TLanes>.Parabola(_planes, _z, _y, _weights);
        Evaluate(circle, out sums);
        TLanes bend = TLanes.Abs(circle.Curvature) * TLanes.Broadcast(Math.Abs(_z[_planes - 1] - _z[0]));
        TLanes gentle = TLanes.And(TLanes.LessOrEqual(bend, TLanes.Broadcast(0.3)), TLanes.LessThan(sums.Value, infinity));
        if (TLanes.Any(TLanes.AndNot(fitted, gentle)))
        {
            CircleLanes<TLanes> kasa = SeedLanes<TLanes>.Kasa(_planes, _z, _y, _weights);
            Evaluate(kasa, out NormalEquations<TLanes> other);
            TLanes usable = TLanes.LessThan(other.Value, infinity);
            TLanes better = TLanes.AndNot(usable, TLanes.LessOrEqual(sums.Value, other.Value));
            better = TLanes.AndNot(better, gentle);
            circle.Take(better, kasa);
            sums.Take(better, other);
            TLanes neither = TLanes.AndNot(fitted, TLanes.LessThan(sums.Value, infinity));
            if (TLanes.Any(neither))
            {
                CircleLanes<TLanes> flat = new() { Y0 = zero, Slope = zero, Curvature = zero };
                Evaluate(flat, out other);
                circle.Take(neither, flat);
                sums.Take(neither, other);
            }
        }

        return circle;
    }
}
