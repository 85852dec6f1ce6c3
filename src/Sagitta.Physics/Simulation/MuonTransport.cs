namespace Sagitta.Physics.Simulation;

/// <summary>Carries muons through a detector: the exact circle from plane to plane, Coulomb scattering, energy loss with straggling, a
/// deposit in each gap, and the electrons set free on the way. docs/physics.md has the formulas. Holds reused memory: one a
/// thread.</summary>
internal sealed class MuonTransport
{
    private const double LargestSine = 0.98;
    private readonly Detector _detector;
    private readonly VertexOptions _options;
    private readonly TransportPlan _plan;
    private readonly DrawBuffer _draws = new();
    private readonly float[] _crossings;
    private readonly MuonState[] _states;
    private readonly List<Radiated> _radiated = [];

    public MuonTransport(Detector detector, VertexOptions options)
    {
        _detector = detector;
        _options = options;
        _plan = TransportPlan.Of(detector);
        _crossings = new float[detector.Planes.Count];
        _states = new MuonState[detector.Planes.Count];
    }

    /// <summary>Simulates the event of a number and adds it to the set.</summary>
    public void Simulate(long number, RandomKey root, DepositSet set)
    {
        RandomDraws draws = root.Split((ulong)number).Split("vertex").Draws();
        Simulate(number, VertexGenerator.Draw(_options, ref draws), root, set);
    }

    /// <summary>Simulates a given muon as the event of a number.</summary>
    public void Simulate(long number, MuonTruth truth, RandomKey root, DepositSet set)
    {
        Array.Fill(_crossings, float.NaN);
        if (truth.Present)
        {
            _draws.Restart(root.Split((ulong)number).Split("transport"));
            _radiated.Clear();
            int planes = Carry(truth, set.Deposits);
            int particle = FreeElectrons(truth, planes, set.Deposits);
            BeginShowers(truth, planes, particle, set.Deposits);
        }

        set.EndEvent(number, truth, _crossings);
    }

    // Returns how many planes the muon crossed.
    private int Carry(MuonTruth truth, DepositList deposits)
    {
        double charge = Math.Sign(truth.QOverPt);
        double pt = Math.Abs(1 / truth.QOverPt);
        double across = Math.Sqrt(1 + (truth.SlopeAcross * truth.SlopeAcross));
        double y = truth.Y0;
        double sine = truth.Sine;
        double cosine = Math.Sqrt(1 - (sine * sine));
        double path = 0;
        for (int p = 0; p < _plan.Steps.Length; p++)
        {
            TransportStep step = _plan.Steps[p];
            double length = step.End - step.Begin;
            double slant = across / cosine;
            double loss = MuonInteractions.Loss(step, _plan.SoftLoss[p], pt * across, slant, _draws) / across;
            loss += _plan.Radiation is { } radiation ? radiation.Radiate(p, pt * across, slant, _draws, _radiated) / across : 0;
            if (!(pt - loss > 2 * PhysicalConstants.MuonMass))
            {
                return p;
            }

            // To first order in the loss, the turn is that of a momentum which has lost the part that it feels, and the displacement
            // that of another.
            double middle = pt - (loss * step.LossOnAngle);
            CircleTrack circle = CircleTrack.FromMomentum(y, sine, charge / (pt - (loss * step.LossOnDisplacement)), _detector.FieldTesla);
            double next = sine + (CircleTrack.CurvatureOf(charge / middle, _detector.FieldTesla) * length);
            if (!(Math.Abs(next) < LargestSine))
            {
                return p;
            }

            cosine = Math.Sqrt(1 - (next * next));
            double momentum = middle * across;
            double beta = momentum / Math.Sqrt((momentum * momentum) + (PhysicalConstants.MuonMass * PhysicalConstants.MuonMass));
            (double angle, double displacement) = MuonInteractions.Scatter(step, Math.Sqrt(slant) / (momentum * beta), _draws);

            // The angle is across the flight; at fixed z it moves y by distance over the squared cosine.
            y = circle.At(length) + (displacement / (cosine * cosine));
            sine = Math.Clamp(next + (angle * cosine), -LargestSine, LargestSine);
            cosine = Math.Sqrt(1 - (sine * sine));
            pt -= loss;
            path += length * slant;
            _crossings[p] = (float)y;
            _states[p] = new(y, sine, charge / pt, path / beta);
            Deposit(p, y, sine / cosine, pt * across, across / cosine, path / beta, deposits);
        }

        return _plan.Steps.Length;
    }

    private void Deposit(int plane, double y, double slope, double momentum, double slant, double path, DepositList deposits)
    {
        double gap = _detector.Planes[plane].GapThickness;
        double energy = MuonInteractions.Deposit(_plan.LocalDeposit[plane].At(momentum) * gap * slant, _plan.TunedGaps[plane] * slant,
            _draws);
        double time = (path - _detector.Planes[plane].Z) / PhysicalConstants.SpeedOfLight;
        deposits.Add(plane, DepositSource.Muon, 0, y - (slope * gap / 2), y + (slope * gap / 2), -gap / 2, gap / 2, energy, time);
    }

    // Returns the number of the next particle.
    private int FreeElectrons(MuonTruth truth, int planes, DepositList deposits)
    {
        int particle = 1;
        if (planes == 0)
        {
            return particle;
        }

        double across = Math.Sqrt(1 + (truth.SlopeAcross * truth.SlopeAcross));
        double remaining = _plan.Source.MeanNumber;

        // Poisson in the muon's path: exponential gaps, the slant being that of each place.
        while ((remaining -= _draws.NextExponential() / across) > 0)
        {
            (int slab, double z, double threshold) = _plan.Source.Choose(_draws.NextUniform(), _draws.NextUniform());
            int p = PlaneAfter(z, planes);
            if (p < 0)
            {
                continue;
            }

            MuonState state = _states[p];
            CircleTrack circle = CircleTrack.FromMomentum(state.Y, state.Sine, state.QOverPt, _detector.FieldTesla);
            double dz = z - _detector.Planes[p].Z;
            double sine = circle.SineAt(dz);
            double momentum = across / Math.Abs(state.QOverPt);
            (double betaGamma, double gamma, double beta) = BetheLoss.Velocity(momentum);
            double largest = BetheLoss.LargestTransfer(betaGamma, gamma) / PhysicalConstants.KiloElectronVolt;
            double energy = threshold / _draws.NextUniform();
            if (energy >= largest || _draws.NextUniform() < beta * beta * energy / largest)
            {
                continue;
            }

            double time = (state.Path + (dz * across / Math.Sqrt(1 - (sine * sine)))) / PhysicalConstants.SpeedOfLight;
            _plan.Tracker.Follow(slab, circle.At(dz), z,
                MuonInteractions.Emit(sine, truth.SlopeAcross / across, momentum, energy, _draws), energy, time, particle++, _draws,
                deposits);
        }

        return particle;
    }

    // Pairs begin where the muon radiates them; photons fly on along its tangent until one makes a pair.
    private void BeginShowers(MuonTruth truth, int planes, int particle, DepositList deposits)
    {
        const double ConversionLengths = 9.0 / 7;
        double across = Math.Sqrt(1 + (truth.SlopeAcross * truth.SlopeAcross));
        foreach (Radiated radiated in _radiated)
        {
            int p = PlaneAfter(radiated.Z, planes);
            if (p < 0)
            {
                continue;
            }

            MuonState state = _states[p];
            CircleTrack circle = CircleTrack.FromMomentum(state.Y, state.Sine, state.QOverPt, _detector.FieldTesla);
            double dz = radiated.Z - _detector.Planes[p].Z;
            double sine = circle.SineAt(dz);
            double cosine = Math.Sqrt(1 - (sine * sine));
            double slant = across / cosine;
            double flight = radiated.Pair ? 0 : _plan.Tracker.DistanceTo(radiated.Z, ConversionLengths * _draws.NextExponential() / slant);
            if (double.IsNaN(flight))
            {
                continue;
            }

            double time = (state.Path + ((dz + flight) * slant)) / PhysicalConstants.SpeedOfLight;
            double z = radiated.Z + flight;
            double total = (radiated.Energy - (2 * PhysicalConstants.ElectronMass)) / PhysicalConstants.KiloElectronVolt;
            double share = _draws.NextUniform();
            (double X, double Y, double Z) direction = (truth.SlopeAcross / across, sine / across, cosine / across);
            for (int charge = -1; charge <= 1; charge += 2)
            {
                _plan.Tracker.Follow(_plan.Tracker.SlabAt(z), circle.At(dz) + (flight * sine / cosine), z, direction,
                    total * (charge < 0 ? share : 1 - share), time, particle++, _draws, deposits, charge);
            }
        }
    }

    private int PlaneAfter(double z, int planes)
    {
        for (int p = 0; p < planes; p++)
        {
            if (_detector.Planes[p].Z >= z)
            {
                return p;
            }
        }

        return planes == _detector.Planes.Count ? planes - 1 : -1;
    }
}

/// <summary>A muon at the centre of a gap.</summary>
/// <param name="Y">y, mm.</param>
/// <param name="Sine">Sine of the angle to +z in the (y, z) plane.</param>
/// <param name="QOverPt">Charge over momentum in that plane, 1/GeV.</param>
/// <param name="Path">Path that light would have flown in the time since z = 0, mm.</param>
internal readonly record struct MuonState(double Y, double Sine, double QOverPt, double Path);
