using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

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
