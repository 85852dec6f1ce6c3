using System.Reflection;
using System.Runtime.InteropServices;

namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// A solver's answer as a differentiable operation. Problem, solver and adjoint are independent: any solver that reaches the
/// solution may be paired with any adjoint of the problem, because the gradient depends on where the solver ended and not on how it got
/// there.
/// </summary>
/// <remarks>
/// Build it once and apply it every step. Failed items have a status, a finite value and no gradient.
/// </remarks>
internal sealed class ImplicitSolve<TProblem>
    where TProblem : struct, IImplicitProblem
{
    private readonly IImplicitSolver<TProblem> _solver;
    private readonly IImplicitAdjoint<TProblem> _adjoint;

    /// <summary>Pairs a solver with an adjoint. Throws when the problem's type keeps a tensor in a field.</summary>
    public ImplicitSolve(IImplicitSolver<TProblem> solver, IImplicitAdjoint<TProblem> adjoint)
    {
        if (CapturedTensor(typeof(TProblem)) is { } field)
        {
            throw new InvalidOperationException(
                $"The problem {typeof(TProblem).Name} keeps a tensor in '{field}': its gradient would silently be lost. Pass the tensor "
                    + $"to Apply among the inputs and read it from {nameof(ProblemInputs)}.");
        }

        _solver = solver;
        _adjoint = adjoint;
    }

    /// <summary>
    /// Solves all items and records the step. All inputs must be on one tape. The problem's own data must stay as they are until the
    /// backward pass is over.
    /// </summary>
    public ImplicitSolution Apply(scoped in TProblem problem, params scoped ReadOnlySpan<Tensor<double>> inputs)
    {
        if (inputs.IsEmpty)
        {
            throw new ArgumentException(
                "A problem without inputs has nothing to be differentiated with respect to: pass at least one tensor.", nameof(inputs));
        }

        Tape<double> tape = inputs[0].Tape;
        Span<int> indices = stackalloc int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!ReferenceEquals(inputs[i].Tape, tape))
            {
                throw new InvalidOperationException(
                    $"Input {i} of a solve of {typeof(TProblem).Name} is on another tape than the first: a gradient cannot pass between "
                        + "tapes. Make all inputs on one tape, or copy the values of those that need no gradient with its Constant.");
            }

            indices[i] = inputs[i].LiveIndex;
        }

        Tensor<double> value = tape.Allocate(problem.Items, problem.Unknowns, Tape<double>.AnyRequiresGradient(inputs));

        // Statuses live on the tape, eight to a number, so that the backward pass finds them again.
        Tensor<double> kept = tape.Allocate(1, (problem.Items + 7) / 8);
        kept.Values.Clear();
        Span<SolveStatus> statuses = StatusesIn(kept, problem.Items);
        _solver.Solve(problem, new(tape, indices), value.Values, statuses);
        if (value.RequiresGradient)
        {
            tape.Record(Step.Instance, inputs, [value], [kept], Applied.Of(this, problem));
        }

        return new(value, statuses);
    }

    private static Span<SolveStatus> StatusesIn(Tensor<double> kept, int items) =>
        MemoryMarshal.Cast<double, SolveStatus>(kept.Values)[..items];

    private static string? CapturedTensor(Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            Type fieldType = field.FieldType.IsArray ? field.FieldType.GetElementType()! : field.FieldType;
            if (fieldType.IsGenericType && fieldType.GetGenericTypeDefinition() == typeof(Tensor<>))
            {
                return field.Name;
            }
        }

        return null;
    }

    private sealed record Applied(ImplicitSolve<TProblem> Solve, TProblem Problem)
    {
        // A thread solves the same few problems step after step (chunks of two lengths, say), on other inputs: what a step remembers is
        // made once.
        [ThreadStatic]
        private static Applied?[]? _known;

        [ThreadStatic]
        private static int _next;

        public static Applied Of(ImplicitSolve<TProblem> solve, in TProblem problem)
        {
            _known ??= new Applied?[16];
            foreach (Applied? known in _known)
            {
                if (known is not null && ReferenceEquals(known.Solve, solve)
                    && EqualityComparer<TProblem>.Default.Equals(known.Problem, problem))
                {
                    return known;
                }
            }

            _next = (_next + 1) % _known.Length;
            return _known[_next] = new(solve, problem);
        }
    }

    private sealed class Step : Operation<double>
    {
        public static readonly Step Instance = new();

        public override string Name => "implicit solve of " + typeof(TProblem).Name;

        public override void Backward(in RecordedStep<double> step)
        {
            Applied applied = step.Context<Applied>();
            TProblem problem = applied.Problem;
            Tensor<double> value = step.Output();
            applied.Solve._adjoint.PullBack(problem, new(step.Tape, step.InputIndices), value.Values,
                StatusesIn(step.Saved(0), problem.Items), value.Gradient, new(step.Tape, step.InputIndices));
        }
    }
}

/// <summary>What a solve returns: valid until the tape is reset.</summary>
internal readonly ref struct ImplicitSolution(Tensor<double> value, ReadOnlySpan<SolveStatus> statuses)
{
    /// <summary>Items x unknowns; finite, also where the status says that it means nothing.</summary>
    public Tensor<double> Value { get; } = value;

    /// <summary>How each item ended.</summary>
    public ReadOnlySpan<SolveStatus> Statuses { get; } = statuses;
}

/// <summary>How the solve of one item ended. Outcomes are data: a solver neither throws nor returns NaN for a bad item.</summary>
public enum SolveStatus : byte
{
    /// <summary>The gradient vanishes to rounding.</summary>
    Converged = 0,

    /// <summary>Fewer measurements (planes, points) than the model needs.</summary>
    TooFewPlanes = 1,

    /// <summary>The measurements do not determine the solution.</summary>
    Singular = 2,

    /// <summary>The steps ran out.</summary>
    NotConverged = 3,

    /// <summary>The descent ended where the model stops to be defined, or began from non-finite inputs.</summary>
    OutOfRange = 4,

    /// <summary>There are more measurements than memory is meant for; none was looked at.</summary>
    TooManyHits = 5,
}

/// <summary>
/// A family of independent small problems whose solutions are functions of tensors. Implemented by structs, so that solvers
/// are compiled for the problem. What the solution is to be differentiated with respect to arrives as
/// <see cref="ProblemInputs"/>; a tensor kept in a field would be a constant to the adjoint, which <see cref="ImplicitSolve{TProblem}"/>
/// refuses.
/// </summary>
internal interface IImplicitProblem
{
    /// <summary>Number of independent items.</summary>
    int Items { get; }

    /// <summary>Unknowns of an item.</summary>
    int Unknowns { get; }
}

/// <summary>Finds the solutions of a batch of items. Exact or iterative, one by one or in vector lanes: the adjoint does not
/// care.</summary>
internal interface IImplicitSolver<TProblem>
    where TProblem : struct, IImplicitProblem
{
    /// <summary>
    /// Solves every item: <paramref name="solutions"/> is items x unknowns, row-major, and receives finite numbers even for
    /// items that fail; <paramref name="statuses"/> says how each item ended.
    /// </summary>
    void Solve(in TProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses);
}

/// <summary>Carries gradients on solutions back to the inputs of a problem.</summary>
internal interface IImplicitAdjoint<TProblem>
    where TProblem : struct, IImplicitProblem
{
    /// <summary>
    /// Adds to <paramref name="gradients"/> what <paramref name="upstream"/> (items x unknowns) asks for. Items whose status
    /// is not <see cref="SolveStatus.Converged"/> contribute nothing.
    /// </summary>
    void PullBack(in TProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions, ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream, ProblemGradients gradients);
}

/// <summary>The values of the tensors that a problem depends on, in the order in which they were given to
/// <see cref="ImplicitSolve{TProblem}"/>.</summary>
internal readonly ref struct ProblemInputs(Tape<double> tape, ReadOnlySpan<int> indices)
{
    private readonly Tape<double> _tape = tape;
    private readonly ReadOnlySpan<int> _indices = indices;

    /// <summary>Values of one input, row by row.</summary>
    public ReadOnlySpan<double> this[int input] => _tape.ValuesOf(_indices[input]);
}

/// <summary>The gradients of the tensors that a problem depends on, to be added to; empty where an input wants none.</summary>
internal readonly ref struct ProblemGradients(Tape<double> tape, ReadOnlySpan<int> indices)
{
    private readonly Tape<double> _tape = tape;
    private readonly ReadOnlySpan<int> _indices = indices;

    /// <summary>Gradient of one input, row by row, or an empty span.</summary>
    public Span<double> this[int input] => _tape.RequiresGradient(_indices[input]) ? _tape.GradientOf(_indices[input]) : default;
}
