using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Planes of an endcap: u, z and the angle of their strips, residuals being those of the fit with five parameters (docs/method.md). Shifts
/// along u and z are in mm, turns about z in mrad. V is that of the fit: its scattering is taken about a reference track and is constant.
/// </summary>
/// <param name="detector">The detector, its planes where they are believed to stand.</param>
/// <param name="turns">Whether derivatives by turns are needed: they double the work.</param>
internal sealed class EndcapAlignmentModel(EndcapDetector detector, bool turns) : AlignmentModel
{
    // du of 1 mrad a metre from the middle is 1 mm.
    private const double RadiansPerTurn = 1e-3;
    private const double UsualMomentum = 20;

    /// <inheritdoc />
    public override AlignmentParameters Parameters { get; } = new(detector.Planes.Count, 3);

    /// <inheritdoc />
    public override IReadOnlyList<int> Stations { get; } = [.. detector.Planes.Select(plane => plane.Station)];

    /// <inheritdoc />
    public override IReadOnlyList<string> Kinds => ["u", "z", "turn"];

    /// <inheritdoc />
    public override IReadOnlyList<IReadOnlyList<AlignmentConstraint>> Patterns { get; } = PatternsOf(detector);

    /// <summary>The detector with its planes moved by these values of the parameters.</summary>
    public static EndcapDetector Moved(EndcapDetector detector, ReadOnlySpan<double> values)
    {
        double[] by = values.ToArray();
        AlignmentParameters order = new(detector.Planes.Count, 3);
        return detector.With((plane, i) => (plane.Z + by[order.Z(i)], plane.StereoAngle + (RadiansPerTurn * by[order.Of(2, i)]),
            plane.Offset - by[order.Y(i)]));
    }

    /// <inheritdoc />
    public override EliminatedTrack Track(double[] values, AlignmentSelection selection) => new Eliminated(this,
        Moved(detector, values), turns, values, selection);

    /// <inheritdoc />
    public override IEnumerable<Func<int, double>> Motions(int kind)
    {
        double[] z = [.. detector.Planes.Select(plane => plane.Z)];
        IReadOnlyList<EndcapPlane> planes = detector.Planes;
        return kind == 0
            ? [i => planes[i].Cosine, i => planes[i].Cosine * AlignmentConstraint.Place(z, i),
                i => planes[i].Sine, i => planes[i].Sine * AlignmentConstraint.Place(z, i)]
            : [_ => 1];
    }

    // Shifts that all tracks follow: those of a body, and the bend of a usual muon.
    private static IReadOnlyList<IReadOnlyList<AlignmentConstraint>> PatternsOf(EndcapDetector detector)
    {
        AlignmentParameters order = new(detector.Planes.Count, 3);
        double[] z = [.. detector.Planes.Select(plane => plane.Z)];
        double[] bend = Bend(detector);
        AlignmentConstraint Of(string name, int kind, Func<int, double> pattern) => AlignmentConstraint.Of(name, order, kind, pattern);
        AlignmentConstraint AlongU(string name, bool alongX, int degree) => Of(name, 0, i =>
            (alongX ? detector.Planes[i].Sine : detector.Planes[i].Cosine) * Math.Pow(AlignmentConstraint.Place(z, i), degree));
        return
        [
            [AlongU("shift along y", false, 0), AlongU("shear in y", false, 1), AlongU("shift along x", true, 0),
                AlongU("shear in x", true, 1), Of("sagitta", 0, i => bend[i])],
            [.. ((string[])["shift along z", "scale in z", "bow in z"]).Select((name, degree) =>
                Of(name, 1, i => Math.Pow(AlignmentConstraint.Place(z, i), degree)))],

            // A bend that grows with x: momenta of tracks on both sides take it up.
            [Of("turn about z", 2, _ => 1), Of("twist about z", 2, i => AlignmentConstraint.Place(z, i)),
                Of("sagitta across x", 2, i => bend[i])],
        ];
    }

    // Mean derivative of u by q/p, in units of its largest element.
    private static double[] Bend(EndcapDetector detector)
    {
        EndcapModel model = new(detector);
        EndcapPrediction prediction = new(model.PlaneCount);
        double[] sum = new double[model.PlaneCount];
        PlaneExtent extent = detector.Planes[0].Extent;
        foreach (double part in (ReadOnlySpan<double>)[0.25, 0.5, 0.75])
        {
            double y = extent.LowY + (part * (extent.HighY - extent.LowY));
            TrackState state = new(0, y, 0, y / detector.ReferenceZ, 1 / UsualMomentum);
            if (model.TryPredict(state, 1, new double[sum.Length], prediction, scattering: false))
            {
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += prediction.Rows[i][TrackState.Count - 1];
                }
            }
        }

        double largest = sum.Max(Math.Abs);
        return [.. sum.Select(value => value / largest)];
    }

    // Five parameters at the first plane.
    private sealed class Eliminated : EliminatedTrack
    {
        private readonly EndcapModel _model;
        private readonly EndcapModel? _across;
        private readonly EndcapPrediction? _turned;
        private readonly double _scale;
        private readonly double[] _u;
        private readonly double[] _sigma;
        private readonly double[] _presence;
        private readonly double[] _none;
        private readonly double[] _scattering;

        public Eliminated(AlignmentModel model, EndcapDetector placed, bool turns, double[] values, AlignmentSelection selection)
            : base(model.Parameters, values, selection, TrackState.Count)
        {
            int n = placed.Planes.Count;
            _model = new(placed);
            if (turns)
            {
                // What strips at a right angle would measure is du by the angle of those that are there.
                _across = new(placed.With((plane, _) => (plane.Z, plane.StereoAngle + (Math.PI / 2), 0)));
                _turned = new(n);
            }

            _scale = 1 + values[model.Parameters.FieldScale];
            (_u, _sigma, _presence, _none, _scattering) = (new double[n], new double[n], new double[n], new double[n], new double[n * n]);
        }

        /// <inheritdoc />
        protected override double SmallestStep => 1e-7;

        private EndcapPrediction Prediction => EndcapWorkspace.For(_u.Length).Prediction;

        /// <inheritdoc />
        protected override bool Minimise()
        {
            _presence.AsSpan().Clear();
            _u.AsSpan().Clear();
            _sigma.AsSpan().Fill(1);
            for (int i = 0; i < Planes.Length; i++)
            {
                (_u[Planes[i]], _presence[Planes[i]], _sigma[Planes[i]]) = (Measured[i], 1, 1 / Math.Sqrt(Elimination.Weights[i]));
            }

            EndcapWorkspace work = EndcapWorkspace.For(_u.Length);
            EndcapMeasurements measured = new(_u, _sigma, _presence, _none, _none, _scale);
            if (EndcapDescent.Fit(_model, measured, work, null, out TrackState reference, out _) != SolveStatus.Converged)
            {
                return false;
            }

            reference = FreeParameters < TrackState.Count ? reference with { QOverP = Track[^1] } : reference;
            if (!_model.TryPredict(reference, _scale, _none, work.Prediction, scattering: true))
            {
                return false;
            }

            for (int i = 0; i < _u.Length; i++)
            {
                Vector512<double> carried = work.Prediction.Scattering[i].Times(work.Prediction.Rows[i]);
                for (int j = i; j < _u.Length; j++)
                {
                    _scattering[(i * _u.Length) + j] = _scattering[(j * _u.Length) + i] =
                        Vector512.Sum(carried * work.Prediction.Rows[j]);
                }
            }

            reference.CopyTo(Track);
            return Elimination.SetCovariance(_scattering, 1, Planes) && Descend();
        }

        /// <inheritdoc />
        protected override bool Linearise()
        {
            var state = TrackState.From(Track);
            EndcapPrediction prediction = Prediction;
            if (!_model.TryPredict(state, _scale, _none, prediction, scattering: false)
                || (_across is not null && !_across.TryPredict(state, _scale, _none, _turned!, scattering: false)))
            {
                return false;
            }

            for (int i = 0; i < Planes.Length; i++)
            {
                int plane = Planes[i];
                Elimination.Residuals[i] = prediction.Measured[plane] - Measured[i];
                for (int a = 0; a < TrackState.Count; a++)
                {
                    Elimination.Jacobian(a)[i] = prediction.Rows[plane][a];
                }

                ByField[i] = prediction.Rows[plane][StateJacobian.Scale];
                ByOwn(0, i) = -1;
                ByOwn(1, i) = prediction.Slope[plane];
                ByOwn(2, i) = _turned is null ? 0 : RadiansPerTurn * _turned.Measured[plane];
            }

            return true;
        }
    }
}
