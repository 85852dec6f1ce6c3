using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// What a track does to an endcap's planes: the measured coordinates as a function of the state at the first plane, with their exact
/// derivatives, and their covariance by scattering. The way is cut at planes, walls and two places in each long stretch of the medium.
/// </summary>
internal sealed class EndcapModel
{
    // Muons that lose all but this in a wall, GeV, have stopped.
    private const double LeastMomentum = 0.2;
    private const double LossMomentum = 10;
    private const double CellTolerance = 1e-9;

    // Less than this, in radiation lengths, is nothing to Highland's formula.
    private const double Thin = 1e-6;

    // A stretch of medium shorter than this, mm, hardly scatters beside the planes.
    private const double LongStretch = 100;
    private readonly EndcapNode[] _nodes;
    private readonly EndcapFitOptions _options;
    private readonly FieldTransport _exact;

    /// <param name="detector">The detector.</param>
    /// <param name="options">Steps of the transport.</param>
    public EndcapModel(EndcapDetector detector, EndcapFitOptions? options = null)
    {
        Detector = detector;
        _options = options ?? new();
        _exact = new(detector.Field, 1, CellTolerance);
        _nodes = [.. Nodes(detector)];
    }

    /// <summary>The detector.</summary>
    public EndcapDetector Detector { get; }

    /// <summary>Settings.</summary>
    public EndcapFitOptions Options => _options;

    /// <summary>Number of planes.</summary>
    public int PlaneCount => Detector.Planes.Count;

    /// <summary>
    /// Predicts the planes of a track. False where the track does not reach the last plane: it turns back, or stops in a wall.
    /// </summary>
    /// <param name="start">The track at the first plane.</param>
    /// <param name="scale">Factor of the field.</param>
    /// <param name="shiftZ">How far each plane stands from its place along z, mm.</param>
    /// <param name="prediction">Receives the planes' coordinates and derivatives.</param>
    /// <param name="scattering">Whether to make <see cref="EndcapPrediction.Scattering"/> as well.</param>
    public bool TryPredict(in TrackState start, double scale, ReadOnlySpan<double> shiftZ, EndcapPrediction prediction, bool scattering)
    {
        TrackState state = start;
        StateJacobian jacobian = StateJacobian.Identity;
        SymmetricMatrix5 covariance = default;
        double slant = Math.Log(start.Slant);
        double z = Detector.ReferenceZ;
        foreach (EndcapNode node in _nodes)
        {
            if (!Carry(ref state, z, node.Z, node.Straight, scale, ref jacobian))
            {
                return false;
            }

            z = node.Z;
            if (node.Plane >= 0)
            {
                EndcapPlane plane = Detector.Planes[node.Plane];
                (double c, double s, double dz) = (plane.Cosine, plane.Sine, shiftZ[node.Plane]);
                double slope = (state.Ty * c) + (state.Tx * s);
                Vector512<double> slopeRow = (jacobian.Ty * c) + (jacobian.Tx * s);
                prediction.Slope[node.Plane] = slope;
                prediction.Measured[node.Plane] = plane.Measured(state.X, state.Y) + (slope * dz);
                prediction.Rows[node.Plane] = (jacobian.Y * c) + (jacobian.X * s) + (slopeRow * dz);
                prediction.SlopeRows[node.Plane] = slopeRow;
                if (scattering)
                {
                    prediction.Scattering[node.Plane] = covariance;
                }
            }

            if (scattering && node.RadiationLengths > 0)
            {
                double theta = Highland.Energy * (1 + (Highland.LogarithmFactor * (node.Logarithm + slant))) * state.QOverP;
                covariance.AddScatterer(state, jacobian, theta * theta * node.RadiationLengths * state.Slant, node.Distance);
            }

            if (node.Loss > 0 && !Lose(node, ref state, ref jacobian))
            {
                return false;
            }
        }

        return double.IsFinite(prediction.Measured[^1]);
    }

    private bool Carry(ref TrackState state, double from, double to, bool straight, double scale, ref StateJacobian jacobian)
    {
        double length = to - from;
        if (straight)
        {
            state = state.Moved(length);
            jacobian.Move(length);
            return true;
        }

        if (_options.CellByCell)
        {
            return (_exact with { Scale = scale }).Carry(ref state, from, to, ref jacobian) == TransportStatus.Reached;
        }

        int steps = (int)Math.Ceiling((length / _options.Step) - 1e-9);
        double h = length / Math.Max(steps, 1);
        for (int i = 0; i < steps; i++)
        {
            NystroemStep.Make(Detector.Field, null, scale, from + (i * h), h, ref state, ref jacobian);
        }

        return state.Slant < FieldTransport.LargestSlant;
    }

    // The median loss of a wall, linear in the logarithm of momentum.
    private static bool Lose(in EndcapNode node, ref TrackState state, ref StateJacobian jacobian)
    {
        double p = 1 / Math.Abs(state.QOverP);
        double loss = node.Loss + (node.LossPerLogarithm * Math.Log(p / LossMomentum));
        double slant = state.Slant;
        double left = p - (loss * slant);
        if (double.IsInfinity(p))
        {
            return true;
        }

        if (!(left > LeastMomentum))
        {
            return false;
        }

        double ratio = p / left;
        double sign = Math.Sign(state.QOverP);
        jacobian.QOverP = (jacobian.QOverP * (ratio * ratio * (1 - (slant * node.LossPerLogarithm / p))))
            + (((jacobian.Tx * state.Tx) + (jacobian.Ty * state.Ty)) * (sign * loss / (left * left * slant)));
        state = state with { QOverP = sign / left };
        return true;
    }

    public static IEnumerable<EndcapNode> Nodes(EndcapDetector detector)
    {
        double strength = detector.Walls.Sum(wall => BetheLoss.Strength(wall.Slab.Material, 1) * wall.Slab.Thickness);
        List<EndcapNode> nodes = [];
        List<(double Front, double Back)> bodies = [];
        for (int i = 0; i < detector.Planes.Count; i++)
        {
            Plane plane = detector.Planes[i].Strips;
            (double budget, double moment) = Budget(plane, detector.Strips.GasOf(plane));
            nodes.Add(new(plane.Z, i, budget, budget > 0 ? moment / budget : 0, 0, 0));
            bodies.Add((plane.Z, plane.Z));
        }

        foreach (EndcapWall wall in detector.Walls.Where(wall => wall.Z > detector.ReferenceZ))
        {
            double middle = (wall.Z + wall.End) / 2;
            double half = wall.Slab.RadiationLengths / 2;
            double distance = wall.Slab.Thickness / Math.Sqrt(12);
            double LossAt(double p) => wall.Slab.Thickness * BetheLoss.Restricted(
                wall.Slab.Material, p, TrackMaterial.MedianCut * strength);
            double loss = LossAt(LossMomentum);
            nodes.Add(new(middle, -1, half, -distance, 0, 0));
            nodes.Add(new(middle, -1, half, distance, loss, (LossAt(10 * LossMomentum) - loss) / Math.Log(10)));
            bodies.Add((wall.Z, wall.End));
        }

        bodies.Sort();
        for (int i = 1; i < bodies.Count; i++)
        {
            double length = bodies[i].Front - bodies[i - 1].Back;
            if (length > LongStretch)
            {
                double middle = (bodies[i].Front + bodies[i - 1].Back) / 2;
                double half = length / 2 / detector.Medium.RadiationLength;
                nodes.Add(new(middle - (length / Math.Sqrt(12)), -1, half, 0, 0, 0));
                nodes.Add(new(middle + (length / Math.Sqrt(12)), -1, half, 0, 0, 0));
            }
        }

        // Where the field's box ends, the way is cut too.
        FieldBox box = detector.Field.Box;
        (double first, double last) = (detector.ReferenceZ, detector.Planes[^1].Z);
        nodes.AddRange(new[] { box.LowZ, box.HighZ }.Where(z => z > first && z < last).Select(z => new EndcapNode(z, -1, 0, 0, 0, 0)));
        double from = first;
        EndcapNode[] ordered = [.. nodes.OrderBy(node => node.Z).TakeWhile(node => node.Z <= last)];
        double all = ordered.Sum(node => node.RadiationLengths);
        double[] stations = [.. Enumerable.Range(0, detector.Strips.StationCount).Select(station => ordered.Where(node =>
            node.Plane >= 0 && detector.Planes[node.Plane].Station == station).Sum(node => node.RadiationLengths))];
        foreach (EndcapNode node in ordered)
        {
            double centre = (from + node.Z) / 2;
            double depth = node.Plane >= 0 ? stations[detector.Planes[node.Plane].Station] : all;
            yield return node with
            {
                Straight = centre < box.LowZ || centre > box.HighZ,
                Logarithm = Math.Log(Math.Max(depth, Thin)),
            };
            from = node.Z;
        }
    }

    // Radiation lengths of a plane and their first moment about its centre.
    private static (double Budget, double Moment) Budget(Plane plane, Material gas)
    {
        double budget = plane.GapThickness / gas.RadiationLength;
        double moment = 0;
        double z = plane.Front - plane.Z;
        foreach (Slab slab in plane.Before)
        {
            budget += slab.RadiationLengths;
            moment += slab.RadiationLengths * (z + (slab.Thickness / 2));
            z += slab.Thickness;
        }

        z += plane.GapThickness;
        foreach (Slab slab in plane.After)
        {
            budget += slab.RadiationLengths;
            moment += slab.RadiationLengths * (z + (slab.Thickness / 2));
            z += slab.Thickness;
        }

        return (budget, moment);
    }
}

/// <summary>A place on the way where something happens.</summary>
/// <param name="Z">z, mm.</param>
/// <param name="Plane">Plane that measures there, or -1.</param>
/// <param name="RadiationLengths">Scatterer, at normal incidence.</param>
/// <param name="Distance">How far behind z it stands, mm.</param>
/// <param name="Loss">Median loss at 10 GeV and normal incidence, GeV.</param>
/// <param name="LossPerLogarithm">Its change per unit of ln p.</param>
internal readonly record struct EndcapNode(double Z, int Plane, double RadiationLengths, double Distance, double Loss,
    double LossPerLogarithm)
{
    /// <summary>ln of the radiation lengths that scatter together in Highland's formula: all of them, but for a plane those of its
    /// station's planes, since what planes do to each other is the scattering of these alone.</summary>
    public double Logarithm { get; init; }

    /// <summary>Whether the way that leads there is outside the field.</summary>
    public bool Straight { get; init; }
}

/// <summary>What <see cref="EndcapModel.TryPredict"/> writes, one element a plane. Reused memory.</summary>
internal sealed class EndcapPrediction(int planes)
{
    /// <summary>The coordinate u, mm.</summary>
    public double[] Measured { get; } = new double[planes];

    /// <summary>du/dz.</summary>
    public double[] Slope { get; } = new double[planes];

    /// <summary>Derivatives of u by the state at the first plane and by the field's scale, as in <see cref="StateJacobian"/>.</summary>
    public Vector512<double>[] Rows { get; } = new Vector512<double>[planes];

    /// <summary>The same of du/dz.</summary>
    public Vector512<double>[] SlopeRows { get; } = new Vector512<double>[planes];

    /// <summary>What has scattered before the plane, as a covariance of the state at the first plane: with row a_i and this C_i of the
    /// plane i that comes first, the covariance of u_i and u_j is a_i C_i a_j.</summary>
    public SymmetricMatrix5[] Scattering { get; } = new SymmetricMatrix5[planes];

    /// <summary>
    /// For each plane i sum_j C_min(i,j) a_j x_j, whose product with a_i is (U x)_i.
    /// </summary>
    /// <param name="x">One number a plane.</param>
    /// <param name="carried">Receives one vector a plane, whose elements 5 to 7 are zero.</param>
    public void Carry(ReadOnlySpan<double> x, Span<Vector512<double>> carried)
    {
        Vector512<double> later = default;
        for (int i = planes - 1; i >= 0; i--)
        {
            carried[i] = later;
            later += Rows[i] * x[i];
        }

        Vector512<double> earlier = default;
        for (int i = 0; i < planes; i++)
        {
            earlier += Scattering[i].Times(Rows[i] * x[i]);
            carried[i] = earlier + Scattering[i].Times(carried[i]);
        }
    }
}
