using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Deposits;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Interactions;
using Sagitta.Physics.Propagation;
using Sagitta.Physics.Units;

namespace Sagitta.Physics.Simulation;

/// <summary>
/// Carries muons through a detector: the exact circle from plane to plane, Gaussian multiple scattering of Highland's width, the mean
/// energy loss, and a deposit in each gap. Holds reused memory: one a thread.
/// </summary>
internal sealed class MuonTransport
{
    // Transfers above this are electrons that travel; below it they are charge on the muon's path.
    private const double LargestLocalTransfer = 1e-6;
    private readonly Detector _detector;
    private readonly VertexOptions _options;
    private readonly IReadOnlyList<TransportStep> _steps;
    private readonly Material[] _gases;
    private readonly double _logarithm;
    private readonly float[] _crossings;

    public MuonTransport(Detector detector, VertexOptions options)
    {
        _detector = detector;
        _options = options;
        _steps = TransportStep.Through(detector);
        _gases = [.. detector.Planes.Select(detector.GasOf)];
        _crossings = new float[detector.Planes.Count];
        double total = _steps.Sum(step => step.Moment0);

        // One logarithm of all material: splitting it by step would narrow the sum (PDG, same section).
        _logarithm = total > 0 ? 1 + (Highland.LogarithmFactor * Math.Log(total)) : 0;
    }

    /// <summary>Simulates one event and adds it to the set.</summary>
    public void Simulate(long number, RandomKey root, DepositSet set)
    {
        RandomDraws draws = root.Split((ulong)number).Split("transport").Draws();
        Vertex vertex = Vertex.Draw(_options, ref draws);
        Array.Fill(_crossings, float.NaN);
        if (vertex.Truth.Present)
        {
            Carry(vertex, ref draws, set.Deposits);
        }

        set.EndEvent(number, vertex.Truth, _crossings);
    }

    private void Carry(Vertex vertex, ref RandomDraws draws, DepositList deposits)
    {
        MuonTruth truth = vertex.Truth;
        double charge = Math.Sign(truth.QOverPt);
        double pt = Math.Abs(1 / truth.QOverPt);
        double across = Math.Sqrt(1 + (vertex.SlopeAcross * vertex.SlopeAcross));
        double y = truth.Y0;
        double sine = truth.Sine;
        double path = 0;
        for (int p = 0; p < _steps.Count; p++)
        {
            TransportStep step = _steps[p];
            double length = step.End - step.Begin;
            double slant = across / Math.Sqrt(1 - (sine * sine));
            double loss = 0;
            foreach (TraversedSlab slab in step.Slabs)
            {
                loss += BetheLoss.Mean(slab.Material, pt * across) * slab.Thickness;
            }

            // The curvature at the step's middle momentum: exact to second order in the loss.
            double middle = pt - (loss * slant / across / 2);
            if (!(middle > PhysicalConstants.MuonMass))
            {
                return;
            }

            CircleTrack circle = CircleTrack.FromMomentum(y, sine, charge / middle, _detector.FieldTesla);
            double next = circle.SineAt(length);
            if (!(Math.Abs(next) < 1))
            {
                return;
            }

            double cosine = Math.Sqrt(1 - (next * next));
            (double _, double _, double beta) = BetheLoss.Velocity(middle * across);
            double width = Highland.Energy / (beta * middle * across) * _logarithm * Math.Sqrt(slant);
            double first = draws.NextGaussian();
            double second = draws.NextGaussian();
            double angle = 0;
            double displacement = 0;
            if (step.Moment2 > 0)
            {
                double spread = Math.Sqrt(step.Moment2);
                double covariance = step.Moment1 / spread;
                displacement = width * spread * first;
                angle = width * ((covariance * first) + (Math.Sqrt(Math.Max(step.Moment0 - (covariance * covariance), 0)) * second));
            }

            y = circle.At(length) + (displacement / (cosine * cosine));
            sine = Math.Clamp(next + (angle * cosine), -0.999, 0.999);
            pt -= loss * slant / across;
            path += length * slant;
            _crossings[p] = (float)y;
            Deposit(p, y, sine, pt * across, slant, path, ref draws, deposits);
        }
    }

    private void Deposit(int plane, double y, double sine, double momentum, double slant, double path, ref RandomDraws draws, DepositList deposits)
    {
        double gap = _detector.Planes[plane].GapThickness;
        double length = gap * slant;
        double slope = sine / Math.Sqrt(1 - (sine * sine));
        (double _, double _, double beta) = BetheLoss.Velocity(momentum);
        double strength = BetheLoss.Strength(_gases[plane], beta) * length;
        double mean = BetheLoss.Restricted(_gases[plane], momentum, LargestLocalTransfer) * length;

        // Moyal's form of the straggling (Phil. Mag. 46 (1955) 263), shifted to the restricted mean: its own mean is 1.27 widths above
        // its peak.
        double gaussian = draws.NextGaussian();
        double moyal = -Math.Log(Math.Max(gaussian * gaussian, 1e-12));
        double energy = Math.Max(mean + (strength * (moyal - 1.2703628)), 0.05 * mean) / PhysicalConstants.KiloElectronVolt;
        double time = (path - _detector.Planes[plane].Z) / PhysicalConstants.SpeedOfLight / beta;
        deposits.Add(plane, DepositSource.Muon, 0, y - (slope * gap / 2), y + (slope * gap / 2), -gap / 2, gap / 2, energy, time);
    }
}
